import {
  blocks,
  fields,
  found,
  notApplicable,
  number,
  peek,
  stackRule,
  text,
  type Resource,
  type Stack,
} from '../../core';
import { DISTRIBUTION, behavioursOf } from './behaviours';

const FUNCTION = 'aws:lambda/function:Function';
const REGION = 'us-east-1';

/** CloudFront Developer Guide, "Quotas on Lambda@Edge" (seconds and megabytes) and "Restrictions on Lambda@Edge". */
const LIMITS = {
  viewer: { seconds: 5, megabytes: 128 },
  origin: { seconds: 30, megabytes: 10_240 },
} as const;

/** Events that a function may run on: those of the behaviours that name it, or that may, while ARNs are not known. */
function eventsOf(lambda: Resource, stack: Stack): readonly string[] {
  const own = ['qualifiedArn', 'arn'].map((name) => peek(lambda, name));
  return stack.ofType(DISTRIBUTION).flatMap((distribution) =>
    behavioursOf(distribution).flatMap(({ values, property }) => {
      const isBehind = stack.behind(distribution, property, FUNCTION).some(({ urn }) => urn === lambda.urn);
      return blocks(values, 'lambdaFunctionAssociations')
        .filter((association) => {
          const arn = peek(association, 'lambdaArn');
          return typeof arn === 'string' ? own.includes(arn) : isBehind;
        })
        .flatMap((association) => text(association, 'eventType') ?? []);
    }),
  );
}

export const edgeLambdasFit = stackRule({
  id: 'edge-lambdas-fit',
  family: 'delivery',
  title: 'Functions of Lambda@Edge are in us-east-1, and within its limits of time and memory',
  severity: 'medium',
  controls: [],
  why: 'CloudFront refuses others, after everything before the distribution has been made: five seconds and 128 MB for what runs on each request of a viewer, thirty seconds towards the origin, no environment and no VPC.',
  fix: "Write `region: 'us-east-1', publish: true, timeout: 5, memorySize: 128` without environment, or make it a function of CloudFront.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [FUNCTION],
  check: (lambda, _settings, stack) => {
    const events = eventsOf(lambda, stack);
    if (events.length === 0) return notApplicable('CloudFront does not run it');
    const kind = events.every((event) => event.startsWith('origin')) ? 'origin' : 'viewer';
    const { seconds, megabytes } = LIMITS[kind];
    const region = text(lambda, 'region') ?? lambda.region ?? REGION;
    // What AWS takes where nothing is said.
    const [timeout, memory] = [number(lambda, 'timeout') ?? 3, number(lambda, 'memorySize') ?? 128];
    const variables = blocks(lambda, 'environment').flatMap((each) =>
      Object.keys(fields(each, 'variables') ?? {}),
    );
    return found([
      ...(region === REGION ? [] : [`it is in ${region}`]),
      ...(timeout > seconds ? [`it may run for ${timeout} s, of ${seconds} on ${kind} events`] : []),
      ...(memory > megabytes ? [`it has ${memory} MB, of ${megabytes} on ${kind} events`] : []),
      ...(variables.length > 0 ? ['it has an environment'] : []),
      ...(blocks(lambda, 'vpcConfig').length > 0 ? ['it is in a VPC'] : []),
    ]);
  },
});
