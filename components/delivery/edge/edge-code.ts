/** The code of an edge function, put together of compiled steps and the parameters that it is told. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CHANNEL_PATTERN, RENDITION_PATTERN } from '../../../encoder/contract';
import {
  EdgeParametersError,
  edgeProblems,
  type EdgeEventType,
  type EdgeParameters,
  type EdgeProblem,
  type ViewerRequestParameters,
  type ViewerResponseParameters,
} from './parameters';

/** Of a CloudFront function; AWS raises it for nobody. [CloudFront quotas, CloudFront Functions] */
export const EDGE_CODE_BYTES = 10_240;
/** The runtime that the functions are written for, as CloudFront names it. */
export const EDGE_RUNTIME = 'cloudfront-js-2.0';

/** A function, ready to be made: the arguments of `aws.cloudfront.Function`, and what its behaviour needs. */
export interface EdgeCode {
  readonly eventType: EdgeEventType;
  readonly runtime: typeof EDGE_RUNTIME;
  /** A whole script, the same for the same parameters. */
  readonly code: string;
  /** At most {@link EDGE_CODE_BYTES}. */
  readonly bytes: number;
  /** Steps in the order in which they run. */
  readonly steps: readonly string[];
  /** Whether a KeyValueStore must be associated with the function. */
  readonly needsKeyValueStore: boolean;
  /** Headers that the behaviour's cache policy or origin request policy must name, or the function does not see them. */
  readonly viewerHeaders: readonly string[];
}

/** The security headers where none are named. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

const VIEWER_HEADERS: Readonly<Record<string, readonly string[]>> = {
  country: ['CloudFront-Viewer-Country'],
  'country-key': ['CloudFront-Viewer-Country'],
  device: ['CloudFront-Is-Mobile-Viewer', 'CloudFront-Is-Tablet-Viewer'],
};

const tooLong = (bytes: number): EdgeProblem => ({
  path: '',
  value: `${bytes} bytes of code`,
  allowed: `${EDGE_CODE_BYTES} bytes`,
  fix: 'shorten the lists, put the countries into the KeyValueStore (country.fromKey), or leave a step to another behaviour',
});

interface Step {
  /** Its module in `functions/`. */
  readonly module: string;
  readonly parameters: object;
}

/**
 * A function of CloudFront: a pure function of its parameters and of this package's version.
 * @throws EdgeParametersError with everything that is wrong, a function of more than {@link EDGE_CODE_BYTES} included
 */
export function edgeCode<E extends EdgeEventType>(eventType: E, parameters: EdgeParameters[E]): EdgeCode {
  const problems = edgeProblems(eventType, parameters);
  if (problems.length > 0) throw new EdgeParametersError(eventType, problems);
  const steps =
    eventType === 'viewer-request'
      ? requestSteps(parameters as ViewerRequestParameters)
      : responseSteps(parameters as ViewerResponseParameters);
  const linked = link(steps.map(({ module }) => module));
  const code = [
    ...linked.imports,
    ...linked.texts,
    ...(eventType === 'viewer-request'
      ? requestHandler(steps, linked.asynchronous, (parameters as ViewerRequestParameters).cors)
      : responseHandler(steps)),
    '',
  ].join('\n');
  const bytes = Buffer.byteLength(code);
  if (bytes > EDGE_CODE_BYTES) throw new EdgeParametersError(eventType, [tooLong(bytes)]);
  return {
    eventType,
    runtime: EDGE_RUNTIME,
    code,
    bytes,
    steps: steps.map(({ module }) => module),
    needsKeyValueStore: linked.imports.some((line) => line.includes("'cloudfront'")),
    viewerHeaders: steps.flatMap(({ module }) => VIEWER_HEADERS[module] ?? []),
  };
}

function requestSteps({ country, token, directives, device }: ViewerRequestParameters): Step[] {
  return [
    ...(country
      ? [{ module: country.fromKey === undefined ? 'country' : 'country-key', parameters: country }]
      : []),
    // The token is for the path that the viewer asks for, so it is looked at before a path is changed.
    ...(token ? [{ module: 'token', parameters: { ...TOKEN_DEFAULTS, ...token } }] : []),
    ...(directives
      ? [
          {
            module: 'directives',
            parameters: {
              keep: [...SIGNATURE, ...(directives.keep ?? ['CMCD'])],
              mediaPlaylist: MEDIA_PLAYLIST,
            },
          },
        ]
      : []),
    ...(device ? [{ module: 'device', parameters: device }] : []),
  ];
}

const TOKEN_DEFAULTS = {
  from: ['cookie', 'query'],
  name: 'media-token',
  revocation: false,
  leewaySeconds: 30,
} as const;

/** Parameters of signed URLs: CloudFront's own, which it takes off itself. */
const SIGNATURE = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];

const inner = (pattern: RegExp): string => pattern.source.replace(/^\^|\$$/g, '');

/** The origin's own; its multivariant playlist, `index`, has the form too. */
const MEDIA_PLAYLIST = new RegExp(`^/live/${inner(CHANNEL_PATTERN)}/${inner(RENDITION_PATTERN)}\\.m3u8$`);

const responseSteps = ({ headers }: ViewerResponseParameters): Step[] => [
  {
    module: 'headers',
    parameters: { cache: headers.cache ?? [], security: headers.security ?? SECURITY_HEADERS },
  },
];

function requestHandler(
  steps: readonly Step[],
  asynchronous: ReadonlySet<string>,
  cors: ViewerRequestParameters['cors'],
): string[] {
  const isAsync = steps.some(({ module }) => asynchronous.has(module));
  const last = steps.length - 1;
  return [
    `const cors = ${asciiJson(cors ?? null)};`,
    `${isAsync ? 'async ' : ''}function handler(event) {`,
    'let answer;',
    ...steps.flatMap(({ module, parameters }, i) => [
      `answer = ${asynchronous.has(module) ? 'await ' : ''}${camel(module)}(event, ${literal(parameters)}, cors);`,
      ...(i < last ? ['if (answer.statusCode) return answer;'] : []),
    ]),
    'return answer;',
    '}',
  ];
}

const responseHandler = ([step]: readonly Step[]): string[] => [
  'function handler(event) {',
  `return ${camel(step!.module)}(event, ${literal(step!.parameters)});`,
  '}',
];

const camel = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** JSON that is JavaScript of every edition, of as many bytes as it has characters. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The same, and patterns as literals: the engine reads those once, not with each request. */
const literal = (parameters: Step['parameters']): string =>
  `{${Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${asciiJson(name)}:${value instanceof RegExp ? String(value) : asciiJson(value)}`,
    )
    .join(',')}}`;

interface Linked {
  readonly imports: readonly string[];
  readonly texts: readonly string[];
  /** Modules whose function returns a promise. */
  readonly asynchronous: ReadonlySet<string>;
}

/**
 * Modules and what they import, one after another in one scope: the runtime imports nothing but its own modules. Names
 * at the top of modules differ, which tests/components/delivery/edge holds them to.
 */
function link(names: readonly string[]): Linked {
  const imports = new Set<string>();
  const texts = new Map<string, string>();
  const asynchronous = new Set<string>();
  const take = (name: string): void => {
    if (texts.has(name)) return;
    const source = compiled(name);
    for (const [, from] of source.matchAll(/^import \{.*\} from '\.\/([a-z-]+)';$/gm)) take(from!);
    for (const [line] of source.matchAll(/^import \w+ from '\w+';$/gm)) imports.add(line);
    if (source.includes(`export async function ${camel(name)}(`)) asynchronous.add(name);
    const text = source.replace(/^import .*\n/gm, '').replace(/^export (?!\{)/gm, '');
    // Bytes count. No text of a module goes over a line's end.
    texts.set(name, text.trim().replace(/^ +/gm, ''));
  };
  names.forEach(take);
  return { imports: [...imports].sort(), texts: [...texts.values()], asynchronous };
}

const FOLDER = path.join(__dirname, 'functions');

function compiled(name: string): string {
  const file = path.join(FOLDER, `${name}.js`);
  const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // Compiled with the rest of the package it would be CommonJS, which the runtime does not take.
  if (/^export (?:async )?(?:function|const) /m.test(source)) return withoutComments(source);
  const problem = source === '' ? 'is not there' : 'is not compiled by its own tsconfig.json';
  throw new Error(
    `${file} ${problem}: run npm run build, which compiles components/delivery/edge/functions into this folder`,
  );
}

/** Declarations keep their comments, for those who use them; in the script each byte counts. */
const withoutComments = (source: string): string =>
  source.replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '').replace(/^\s*\/\/.*\n/gm, '');
