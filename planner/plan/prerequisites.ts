import { canonicalType } from '../../policies/core';
import { fields, leaves, list, parsed, text, type Reader } from './reader';
import type { GraphInvoke, GraphResource, GraphValue } from '../graph/types';
import type { Prerequisite } from './types';

/** Functions that ask of AWS what is there in any account. */
const ALWAYS_THERE =
  /^aws:(index\/get(CallerIdentity|Partition|Region|AvailabilityZones?|Service)|iam\/getPolicyDocument|ec2\/get(ManagedPrefixList|PrefixList)|eks\/getAddonVersion):/;
/** Parameters of Systems Manager that AWS keeps in every account. */
const PUBLIC_PARAMETER = /^\/aws\/service\//;

const isAlwaysThere = ({ token, arguments: asked }: GraphInvoke): boolean =>
  ALWAYS_THERE.test(token) ||
  (token.startsWith('aws:ssm/getParameter:') && PUBLIC_PARAMETER.test(text(asked['name']) ?? ''));

/** What the program names and does not make: it must be there before it is deployed. */
export function beforeOf(reader: Reader): Prerequisite[] {
  const found = new Map<string, Set<string>>();
  const need = (what: string, path: string) => found.set(what, (found.get(what) ?? new Set()).add(path));
  for (const resource of reader.graph.resources) {
    if (resource.external && resource.custom)
      need(`${resource.type} ${resource.id ?? ''}`.trim(), reader.path(resource));
  }
  for (const invoke of reader.graph.invokes) {
    if (!isAlwaysThere(invoke) && !isOfThisStack(reader, invoke))
      need(
        `what ${invoke.token.split(':').at(-1)} finds with ${JSON.stringify(invoke.arguments)}`,
        'the program',
      );
  }
  // What a function finds is listed by its arguments, or is made on the way.
  const texts = (of: { readonly [name: string]: GraphValue }) =>
    Object.values(of).flatMap((value) => [...leaves(value, '')].map((leaf) => leaf.text));
  const looked = reader.graph.invokes.flatMap(({ arguments: asked, result }) => {
    const given = texts(asked);
    return texts(result ?? {}).filter((each) => !given.includes(each));
  });
  const own = new Set([...reader.made.flatMap(namesOf), ...looked]);
  for (const resource of reader.made) {
    for (const [property, value] of Object.entries(resource.inputs)) {
      for (const leaf of leaves(value, property)) {
        const what = foreign(leaf.path, leaf.text);
        if (what === undefined || own.has(leaf.text) || own.has(lastPart(leaf.text))) continue;
        if (reader.shown(leaf.text).known) need(what, reader.path(resource));
      }
    }
    for (const image of images(resource)) need(`the image ${image}`, reader.path(resource));
    for (const range of examples(resource)) {
      need(
        `your own addresses in place of ${range}, which is for documentation alone (RFC 5737)`,
        reader.path(resource),
      );
    }
  }
  return entries(found);
}

/** What a resource of this stack is called in an ARN that the program puts together itself. */
const namesOf = ({ id, inputs, outputs }: GraphResource): string[] =>
  [id, inputs['name'], outputs['name'], inputs['bucket'], inputs['family']].filter(
    (each) => typeof each === 'string',
  );

const lastPart = (arn: string): string => arn.split(/[:/]/).at(-1)!;

/** A lookup by something that this stack makes finds it on the way. */
function isOfThisStack(reader: Reader, invoke: GraphInvoke): boolean {
  return Object.values(invoke.arguments).some((value) =>
    [...leaves(value, '')].some(({ text: each }) => !reader.shown(each).known),
  );
}

const IDS: readonly (readonly [RegExp, string])[] = [
  [/^(vpc|subnet|sg|rtb|eipalloc|igw|nat|vpce|ami|lt|eni|vol|snap|pl)-[0-9a-f]{8,17}$/, 'in EC2'],
];

/** ARNs and ids of what somebody else makes; AWS's own policies are in every account. */
function foreign(path: string, value: string): string | undefined {
  if (/^arn:[\w-]+:iam::aws:/.test(value) || /[*?{}\s"]/.test(value)) return undefined;
  if (/^arn:[\w-]+:[\w-]+:/.test(value)) return /(^|\.)(tags|policy)/i.test(path) ? undefined : value;
  if (/(^|\.)(hostedZoneId|zoneId)$/.test(path) && /^Z[A-Z0-9]{8,}$/.test(value))
    return `the hosted zone ${value}`;
  const id = IDS.find(([pattern]) => pattern.test(value));
  return id && `${value} ${id[1]}`;
}

/** Images that no resource of the stack gives. */
function images(resource: GraphResource): string[] {
  const property = 'containerDefinitions';
  if (canonicalType(resource.type) !== 'aws:ecs/taskDefinition:TaskDefinition') return [];
  const isBuilt = (resource.propertyDependencies[property] ?? []).some((urn) =>
    /[$:]aws:(ecr|lambda)\//.test(urn),
  );
  if (isBuilt) return [];
  return list(parsed(resource.inputs[property]) as GraphValue)
    .map((container) => text(fields(container)['image']))
    .filter((image) => image !== undefined);
}

/** Ranges of documentation in rules that let callers in: nobody is there. */
function examples(resource: GraphResource): string[] {
  if (!canonicalType(resource.type).startsWith('aws:vpc/securityGroupIngressRule:')) return [];
  const range = text(resource.inputs['cidrIpv4']);
  return range !== undefined && /^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(range) ? [range] : [];
}

/** What somebody has to do once it is deployed. */
export function afterOf(reader: Reader): Prerequisite[] {
  const versions = reader.ofType('aws:secretsmanager/secretVersion:SecretVersion');
  const empty = reader
    .ofType('aws:secretsmanager/secret:Secret')
    .filter((secret) => !versions.some((version) => reader.uses(version, secret.type).includes(secret)));
  return empty.length === 0
    ? []
    : [
        {
          what: 'put a value into each secret: the program makes none (aws secretsmanager put-secret-value)',
          for: reader.paths(empty),
        },
      ];
}

const entries = (found: ReadonlyMap<string, ReadonlySet<string>>): Prerequisite[] =>
  [...found]
    .map(([what, paths]) => ({ what, for: [...paths].sort() }))
    .sort((a, b) => (a.what < b.what ? -1 : 1));
