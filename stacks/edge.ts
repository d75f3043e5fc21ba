/** Functions of CloudFront before its cache: what is configured of them, and their code. */
import { z } from 'zod';
import {
  edgeCode,
  edgeProblems,
  EdgeParametersError,
  type CdnFunctionArgs,
  type CdnFunctionTarget,
  type Environment,
  type ViewerRequestParameters,
} from '../components';
import { ConfigurationError } from './configuration-error';
import { given } from './given';

const flag = z.boolean({ error: 'true or false' });
const texts = z.array(z.string());

/** As edgeCode takes them; docs/edge-functions.md explains each step. */
const steps = z.strictObject({
  /** Whether playlists' delivery directives are checked and spelled in one way before the cache. */
  directives: flag.optional(),
  country: z
    .strictObject({
      block: texts.optional(),
      allow: texts.optional(),
      fromKey: z.string().optional(),
      whenUnknown: z.enum(['allow', 'deny'], { error: 'allow or deny' }).optional(),
      status: z.union([z.literal(403), z.literal(451)], { error: '403 or 451' }).optional(),
      message: z.string().optional(),
    })
    .optional(),
  token: z
    .strictObject({
      from: z.array(z.enum(['cookie', 'query', 'header'], { error: 'cookie, query or header' })).optional(),
      name: z.string().optional(),
      audience: z.string().optional(),
      revocation: flag.optional(),
      leewaySeconds: z.number({ error: 'whole seconds from 0 to 300' }).optional(),
    })
    .optional(),
  keyValueStoreArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:cloudfront::\d{12}:key-value-store\/\S+$/, {
      error: 'the ARN of a key value store of CloudFront',
    })
    .optional(),
});

export type EdgeSettings = z.output<typeof steps>;

/** What is wrong is said by the property, in the words of those who make the function. */
export const edge = steps.superRefine((settings, context) => {
  const { country, token, keyValueStoreArn } = settings;
  // In which environment is not known here: as long as it can become.
  const parameters = parametersOf({ ...settings, directives: settings.directives ?? true });
  for (const { path, allowed, fix } of problemsOf(parameters))
    context.addIssue({ code: 'custom', path: partsOf(path), message: `${allowed}; to correct it: ${fix}` });
  if ((token !== undefined || country?.fromKey !== undefined) && keyValueStoreArn === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['keyValueStoreArn'],
      message: 'the ARN of the key value store that token and country.fromKey read',
    });
  }
});

/** Whether playlists' directives are looked at: in staging and prod, where nothing else is said. */
export const hasDirectives = ({ directives }: EdgeSettings, environment: Environment): boolean =>
  directives ?? (environment === 'staging' || environment === 'prod');

interface EdgeOfStack {
  readonly edge: EdgeSettings;
  readonly environment: Environment;
  readonly webPages: readonly string[];
  readonly signingKeys: Readonly<Record<string, string>>;
}

/**
 * The functions of a CDN, by ids that stay. Directives are a matter of playlists alone, and each function that runs is paid.
 * @returns undefined where there is none
 * @throws ConfigurationError where a function with these pages would be too long
 */
export function edgeFunctions(settings: EdgeOfStack): Record<string, CdnFunctionArgs> | undefined {
  const everywhere = parametersOf({ ...settings.edge, directives: false });
  const playlists = hasDirectives(settings.edge, settings.environment)
    ? { ...everywhere, directives: {} }
    : everywhere;
  const functions = [
    functionOf(settings, 'playlists', playlists),
    functionOf(settings, 'media', everywhere),
  ].flat();
  return functions.length === 0 ? undefined : Object.fromEntries(functions);
}

function functionOf(
  settings: EdgeOfStack,
  on: CdnFunctionTarget,
  parameters: ViewerRequestParameters,
): [string, CdnFunctionArgs][] {
  if (Object.keys(parameters).length === 0) return [];
  const cors = corsOf(settings);
  const code = madeOf(cors === undefined ? parameters : { cors, ...parameters });
  const { keyValueStoreArn } = settings.edge;
  return [
    [
      on,
      given<CdnFunctionArgs>({
        function: code,
        on: [on],
        keyValueStoreArn: code.needsKeyValueStore ? keyValueStoreArn : undefined,
      }),
    ],
  ];
}

function madeOf(parameters: ViewerRequestParameters): ReturnType<typeof edgeCode> {
  try {
    return edgeCode('viewer-request', parameters);
  } catch (error) {
    if (!(error instanceof EdgeParametersError)) throw error;
    const lines = error.problems.map(
      ({ value, allowed, fix }) =>
        `  aws-media:edge, with the pages of aws-media:webPages, is ${String(value)}; allowed: ${allowed}; to correct it: ${fix}`,
    );
    throw new ConfigurationError(['A function at the edge cannot be made:', ...lines].join('\n'));
  }
}

/** Who may read a refusal. A page that is named by a pattern is not compared at the edge: it sees that it was refused, not why. */
function corsOf({ webPages, signingKeys }: EdgeOfStack): ViewerRequestParameters['cors'] {
  const isSigned = Object.keys(signingKeys).length > 0;
  if (webPages.includes('*') || (webPages.length === 0 && !isSigned)) return { origins: '*' };
  const origins = webPages.filter((page) => !page.includes('*'));
  return origins.length === 0 ? undefined : { origins, credentials: true };
}

const parametersOf = ({ directives, country, token }: EdgeSettings): ViewerRequestParameters =>
  given<ViewerRequestParameters>({
    directives: directives === true ? {} : undefined,
    country: country && given<NonNullable<ViewerRequestParameters['country']>>(country),
    token: token && given<NonNullable<ViewerRequestParameters['token']>>(token),
  });

/** Also that its code is too long, which only the code tells. */
function problemsOf(parameters: ViewerRequestParameters): EdgeParametersError['problems'] {
  if (Object.keys(parameters).length === 0) return [];
  const found = edgeProblems('viewer-request', parameters);
  if (found.length > 0) return found;
  try {
    edgeCode('viewer-request', parameters);
    return [];
  } catch (error) {
    if (error instanceof EdgeParametersError) return error.problems;
    throw error;
  }
}

/** `country.block[1]` as its parts. */
const partsOf = (path: string): (string | number)[] =>
  path === ''
    ? []
    : path
        .split(/[.[\]]+/)
        .flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
