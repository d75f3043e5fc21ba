import { createHash } from 'node:crypto';
import { isFields } from '../graph/values';
import type { Fields } from '../graph/values';
import { dnsSuffixOf } from './names';
import { policyDocument } from './policy-document';
import type { InvokeDouble } from './types';

/** Regions with more than three zones that any account sees (the service's own list, 2026-11). */
const ZONES: { readonly [region: string]: number } = { 'us-east-1': 6, 'us-west-2': 4, 'ap-northeast-2': 4 };

const COMPASS: readonly (readonly [string, string])[] = [
  ...([
    ['northeast', 'ne'],
    ['northwest', 'nw'],
    ['southeast', 'se'],
    ['southwest', 'sw'],
  ] as const),
  ...([
    ['central', 'c'],
    ['north', 'n'],
    ['south', 's'],
    ['east', 'e'],
    ['west', 'w'],
  ] as const),
];

/** `euw1` of eu-west-1: what zone ids begin with. */
function shortRegion(region: string): string {
  return region
    .split('-')
    .map((part) => COMPASS.find(([word]) => word === part)?.[1] ?? (part === 'gov' ? 'g' : part))
    .join('');
}

const availabilityZones: InvokeDouble = (args, { region: stackRegion }) => {
  const region = typeof args['region'] === 'string' ? args['region'] : stackRegion;
  const count = ZONES[region] ?? 3;
  const zones = [...'abcdef'.slice(0, count)].map((letter, n) => ({
    name: `${region}${letter}`,
    id: `${shortRegion(region)}-az${n + 1}`,
  }));
  const kept = zones.filter(
    ({ name, id }) =>
      !given(args['excludeNames'])?.includes(name) &&
      !given(args['excludeZoneIds'])?.includes(id) &&
      filters(args['filters']).every(({ field, values }) => {
        if (field === 'zone-name') return values.includes(name);
        if (field === 'zone-id') return values.includes(id);
        // Every zone here is an availability zone that needs no opt-in.
        if (field === 'opt-in-status') return values.includes('opt-in-not-required');
        return field !== 'zone-type' || values.includes('availability-zone');
      }),
  );
  return {
    ...args,
    ...{ id: region, region, groupNames: [region] },
    names: kept.map(({ name }) => name),
    zoneIds: kept.map(({ id }) => id),
  };
};

const callerIdentity: InvokeDouble = (_, { account, partition }) => ({
  ...{ id: account, accountId: account, userId: 'AIDASTANDIN000000000' },
  arn: `arn:${partition}:iam::${account}:user/stand-in`,
});

const region: InvokeDouble = (args, { region: stackRegion, partition }) => {
  const name = typeof args['region'] === 'string' ? args['region'] : stackRegion;
  return {
    ...{ id: name, name, region: name, description: name },
    endpoint: `ec2.${name}.${dnsSuffixOf(partition)}`,
  };
};

const partition: InvokeDouble = (_, { partition: name }) => ({
  ...{ id: name, partition: name, dnsSuffix: dnsSuffixOf(name) },
  reverseDnsPrefix: dnsSuffixOf(name).split('.').reverse().join('.'),
});

export const INVOKES: { readonly [token: string]: InvokeDouble } = {
  'aws:index/getAvailabilityZones:getAvailabilityZones': availabilityZones,
  'aws:index/getCallerIdentity:getCallerIdentity': callerIdentity,
  'aws:index/getRegion:getRegion': region,
  'aws:index/getPartition:getPartition': partition,
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
};

/** The public parameters under /aws/service that name a machine image: each has an id of its own. */
export function imageParameter(token: string, args: Fields): Fields | undefined {
  const name = args['name'];
  if (token !== 'aws:ssm/getParameter:getParameter' || typeof name !== 'string') return undefined;
  if (!name.startsWith('/aws/service/') || !/ami|image/.test(name) || name.endsWith('/recommended')) {
    return undefined;
  }
  const value = `ami-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;
  return { ...args, id: name, value, insecureValue: value, type: 'String', version: 1 };
}

function given(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function filters(value: unknown): { field: string; values: string[] }[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isFields)
    .map((each) => ({ field: String(each['name']), values: given(each['values']) ?? [] }));
}
