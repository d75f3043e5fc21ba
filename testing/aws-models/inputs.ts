/** Which inputs of which types hold a document, and what is wrong with those of one resource. */
import { isFields, type Fields } from '../../planner/graph/values';
import { shapesOf } from './data';
import { checkDashboard } from './documents/dashboard';
import { checkEventPattern } from './documents/event-pattern';
import { checkFunctionCode } from './documents/function-code';
import { checkImageLifecycle } from './documents/image-lifecycle';
import { checkObjectLifecycle } from './documents/object-lifecycle';
import { checkStateMachine } from './documents/state-machine';
import { checkContainers, taskOf } from './ecs/containers';
import { ANY_POLICY, POLICIES, type PolicyKind } from './iam/kinds';
import { checkPolicy, type Place } from './iam/policy';
import { checkSpecial } from './iam/special';
import { Problems, type Problem, type Unjudged } from './problems';
import { checkUserData } from './user-data/user-data';
import type { Script } from './user-data/script';

/** The kinds of documents that are looked into. */
export const DOCUMENT_KINDS = [
  ...(['policy', 'container definitions', 'user data', 'dashboard', 'event pattern'] as const),
  ...(['image lifecycle', 'object lifecycle', 'function code', 'state machine'] as const),
] as const;
/** One of {@link DOCUMENT_KINDS}. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** A value that is not in reach, and why: a secret, or what is known after the update only. */
export interface Hidden {
  readonly hidden: string;
}

export interface InputsReport {
  /** `property` is the input that the problem's path is in. */
  readonly problems: readonly (Problem & { readonly property: string })[];
  readonly unjudged: readonly (Unjudged & { readonly property: string })[];
  /** The kind of each document that was looked into. */
  readonly checked: readonly DocumentKind[];
  readonly scripts: readonly (Script & { readonly property: string })[];
  /** Policies whose length counts together with others': the owner, and the characters that count. */
  readonly counted: readonly {
    readonly property: string;
    readonly kind: PolicyKind;
    readonly size: number;
  }[];
}

/** What the resource says beside the document. */
interface Context {
  readonly inputs: Fields;
  readonly place: Place;
  readonly problems: Problems;
  readonly scripts: Script[];
}

interface Document {
  readonly kind: DocumentKind;
  readonly check: (text: string, context: Context) => void;
  /** Of one that is not a text but a list of arguments. */
  readonly checkList?: (list: readonly unknown[], context: Context) => void;
}

const json = (kind: DocumentKind, check: (value: unknown, context: Context) => void): Document => ({
  kind,
  check(text, context) {
    const value = parsed(text, context.problems);
    if (value !== undefined) check(value, context);
  },
});

const userData = (form: 'base64' | 'plain'): Document => ({
  kind: 'user data',
  check: (text, { problems, scripts }) => void scripts.push(...checkUserData(text, form, problems)),
});

const INSTANCE = { userData: userData('plain'), userDataBase64: userData('base64') };
const RULE = limited(
  'eventPattern',
  json('event pattern', (value, { problems }) => checkEventPattern(value, true, problems)),
);
const FILTER = json('event pattern', (value, { problems }) => checkEventPattern(value, false, problems));

const OBJECTS: Document = {
  kind: 'object lifecycle',
  check: () => undefined,
  checkList: (rules, { inputs, problems }) => checkObjectLifecycle(rules, inputs['bucket'], problems),
};

/** JSON that is the program's own: AWS hands it on as it is. */
const OWN: { readonly [type: string]: readonly string[] } = {
  'aws:lambda/invocation:Invocation': ['input'],
  'aws:ssm/parameter:Parameter': ['value', 'insecureValue'],
  'aws:secretsmanager/secretVersion:SecretVersion': ['secretString'],
  'aws:s3/bucketObject:BucketObject': ['content'],
  'aws:s3/bucketObjectv2:BucketObjectv2': ['content'],
  'aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion': ['content'],
  'aws:cloudwatch/eventTarget:EventTarget': ['input'],
  'aws:scheduler/schedule:Schedule': ['input'],
};

const OTHERS: { readonly [type: string]: { readonly [input: string]: Document } } = {
  'aws:ecs/taskDefinition:TaskDefinition': {
    containerDefinitions: json('container definitions', (value, { inputs, problems }) =>
      checkContainers(value, taskOf(inputs), problems),
    ),
  },
  'aws:ec2/instance:Instance': INSTANCE,
  'aws:ec2/launchConfiguration:LaunchConfiguration': INSTANCE,
  'aws:ec2/spotInstanceRequest:SpotInstanceRequest': INSTANCE,
  'aws:ec2/launchTemplate:LaunchTemplate': { userData: userData('base64') },
  'aws:cloudwatch/dashboard:Dashboard': {
    dashboardBody: json('dashboard', (value, { problems }) => checkDashboard(value, problems)),
  },
  'aws:cloudwatch/eventRule:EventRule': { eventPattern: RULE },
  'aws:cloudwatch/eventArchive:EventArchive': { eventPattern: RULE },
  'aws:lambda/eventSourceMapping:EventSourceMapping': { 'filterCriteria.filters[].pattern': FILTER },
  'aws:pipes/pipe:Pipe': { 'sourceParameters.filterCriteria.filters[].pattern': FILTER },
  'aws:sns/topicSubscription:TopicSubscription': { filterPolicy: FILTER },
  'aws:ecr/lifecyclePolicy:LifecyclePolicy': {
    policy: limited(
      'imageLifecycle',
      json('image lifecycle', (value, { problems }) => checkImageLifecycle(value, problems)),
    ),
  },
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': { rules: OBJECTS },
  'aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2': { rules: OBJECTS },
  'aws:cloudfront/function:Function': {
    code: {
      kind: 'function code',
      check: (text, { inputs, problems }) => checkFunctionCode(text, inputs['runtime'], problems),
    },
  },
  'aws:sfn/stateMachine:StateMachine': {
    definition: limited(
      'stateMachine',
      json('state machine', (value, { problems }) => checkStateMachine(value, problems)),
    ),
  },
};

/**
 * Looks into every document of a resource.
 * @param inputs plain values, and `hidden` where one cannot be seen
 * @param hidden why a value cannot be seen, undefined where it can
 */
export function checkInputs(
  type: string,
  inputs: Fields,
  place: Place,
  hidden: (value: unknown) => string | undefined,
): InputsReport {
  const problems: InputsReport['problems'][number][] = [];
  const unjudged: InputsReport['unjudged'][number][] = [];
  const checked: DocumentKind[] = [];
  const scripts: InputsReport['scripts'][number][] = [];
  const counted: InputsReport['counted'][number][] = [];
  const seen = new Set<string>();

  const look = (property: string, value: unknown, { kind, check, checkList }: Document): void => {
    seen.add(property);
    if (value === undefined || value === null || value === '') return;
    const isList = checkList !== undefined && Array.isArray(value);
    const reason = hidden(value) ?? (isList || typeof value === 'string' ? undefined : 'it is no text');
    if (reason !== undefined) {
      unjudged.push({ property, path: '', reason });
      return;
    }
    const found: Context = { inputs, place, problems: new Problems(), scripts: [] };
    if (isList) checkList(value as readonly unknown[], found);
    else check(value as string, found);
    checked.push(kind);
    problems.push(...found.problems.found.map((each) => ({ ...each, property })));
    unjudged.push(...found.problems.unjudged.map((each) => ({ ...each, property })));
    scripts.push(...found.scripts.map((each) => ({ ...each, property })));
  };

  for (const [path, document] of Object.entries(OTHERS[type] ?? {})) {
    for (const { property, value } of valuesAt(inputs, path)) look(property, value, document);
  }
  for (const [path, kind] of Object.entries(POLICIES[type] ?? {})) {
    for (const { property, value } of valuesAt(inputs, path)) {
      look(property, value, policy(kind));
      if (kind.limit?.together !== undefined && typeof value === 'string') {
        counted.push({ property, kind, size: sizeOf(value, kind) });
      }
    }
  }
  // Whatever else is JSON: a policy is looked into, other documents are said not to be.
  for (const [property, value] of Object.entries(inputs)) {
    if (seen.has(property) || OWN[type]?.includes(property)) continue;
    if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) continue;
    const document = quietlyParsed(value);
    if (isFields(document) && document['Statement'] !== undefined) look(property, value, policy(ANY_POLICY));
    else if (document !== undefined) {
      unjudged.push({ property, path: '', reason: 'nothing is known of this document but that it is JSON' });
    }
  }
  return { problems, unjudged, checked, scripts, counted };
}

function policy(kind: PolicyKind): Document {
  return {
    kind: 'policy',
    check(text, { inputs, place, problems }) {
      const document = parsed(text, problems);
      if (document === undefined) return;
      const statements = checkPolicy(document, kind, place, problems);
      checkSpecial(statements, kind, inputs, problems);
      const { limit } = kind;
      const size = sizeOf(text, kind);
      if (limit === undefined || size <= limit.max) return;
      problems.refuse('', {
        problem: `${size} ${limit.unit}`,
        allowed: `at most ${limit.max} (${limit.source})`,
        fix: 'shorten it, or split it',
      });
    },
  };
}

function sizeOf(text: string, { limit }: PolicyKind): number {
  if (limit?.unit === 'bytes') return Buffer.byteLength(text);
  return [...(limit?.unit === 'characters without white space' ? text.replaceAll(/\s/g, '') : text)].length;
}

/** A document whose length the API's model limits. */
function limited(name: string, { kind, check }: Document): Document {
  return {
    kind,
    check(text, context) {
      const { from, lengths } = shapesOf();
      const { min = 0, max, source } = lengths[name]!;
      if (text.length < min || text.length > max) {
        context.problems.refuse('', {
          problem: `${text.length} characters`,
          allowed: `${min} to ${max} (${from.package} ${from.version}, ${source})`,
          fix: 'change the length',
        });
      }
      check(text, context);
    },
  };
}

function parsed(text: string, problems: Problems): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    problems.refuse('', {
      problem: (error as Error).message,
      allowed: 'JSON (RFC 8259)',
      fix: 'correct the syntax',
    });
    return undefined;
  }
}

function quietlyParsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `inlinePolicies[].policy`: each member of the list, with its own path. */
function valuesAt(inputs: Fields, path: string): { property: string; value: unknown }[] {
  let found: { property: string; value: unknown }[] = [{ property: '', value: inputs }];
  for (const step of path.split('.')) {
    const name = step.replace('[]', '');
    found = found.flatMap(({ property, value }) => {
      const inner = isFields(value) ? value[name] : undefined;
      const own = property === '' ? name : `${property}.${name}`;
      if (!step.endsWith('[]')) return [{ property: own, value: inner }];
      return Array.isArray(inner)
        ? inner.map((each: unknown, n) => ({ property: `${own}[${n}]`, value: each }))
        : [];
    });
  }
  return found;
}
