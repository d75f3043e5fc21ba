/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import { ContainerInsights } from '../encode/fleet/args';
import { Architecture, checkImageReference } from '../encode/image/reference';
import {
  InputProblems,
  MAX_ALARM_ACTIONS,
  checkRunbook,
  checkTags,
  choiceOf,
  flag,
  isObject,
  matching,
  normalProtection,
  numberIn,
  retentionProblem,
  rule,
  textsOf,
  topicArn,
  wholeIn,
  type Protection,
  type Tags,
} from '../kit';
import { checkNetwork, type MediaNetwork } from '../network/network';
import { OriginAdmission, ORIGIN_TRANSFORMS } from './args';
import type { LlHlsOriginArgs, LlHlsOriginTransforms } from './args';
import { FARGATE_SIZES, cpuProblem, memoryProblem } from './fargate-sizes';
import type { OriginStore } from './neighbours';
import { normalChannels, normalZones, type NormalZone } from './normal-zones';
import { LEAST_DEREGISTRATION } from './times';
import { hasVpcOrigins } from './vpc-origin-zones';

export interface NormalAlarms {
  readonly actions: readonly pulumi.Input<string>[];
  readonly runbook: string | undefined;
  readonly heldRequests: number;
}

export interface NormalTls {
  readonly certificateArn: pulumi.Input<string>;
  readonly domainName: pulumi.Input<string>;
}

export interface NormalOrigin {
  readonly network: MediaNetwork;
  readonly store: OriginStore;
  readonly image: pulumi.Input<string>;
  /** Whether the image cannot change under its name. */
  readonly imageStays: boolean;
  readonly architecture: Architecture;
  readonly zones: ReadonlyMap<string, NormalZone>;
  /** Zones by channel; empty where there is one zone, which has all. */
  readonly channels: ReadonlyMap<string, string>;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly cpuPercent: number;
  readonly sentMbps: number;
  readonly windowSeconds: number;
  readonly logLevel: string;
  readonly tls: NormalTls | undefined;
  readonly admit: OriginAdmission;
  readonly deregistrationSeconds: number;
  readonly stopTimeoutSeconds: number;
  readonly accessLogs: LlHlsOriginArgs['accessLogs'];
  readonly containerInsights: ContainerInsights;
  readonly executeCommand: boolean;
  readonly logRetentionDays: number;
  readonly alarms: NormalAlarms | undefined;
  readonly protection: Protection;
  readonly tags: Tags;
}

const NAMES = [
  'network',
  'store',
  'image',
  'allowMutableTag',
  'architecture',
  'zones',
  'channels',
  'cpu',
  'memoryMiB',
  'scaling',
  'windowSeconds',
  'logLevel',
  'tls',
  'admit',
  'deregistrationSeconds',
  'stopTimeoutSeconds',
  'rulesPerLoadBalancer',
  'accessLogs',
  'containerInsights',
  'executeCommand',
  'logRetentionDays',
  'alarms',
  'environment',
  'tags',
] as const satisfies readonly (keyof LlHlsOriginArgs)[];

const LOG_LEVELS = Object.fromEntries(
  ['trace', 'debug', 'info', 'warn', 'error', 'silent'].map((level) => [level, level]),
);

const certificateArn = rule(
  matching(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/),
  'the ARN of a certificate, as arn:aws:acm:us-east-1:123456789012:certificate/...',
  'give its ARN; it must be in the region of the load balancer',
);
const domainName = rule(
  matching(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/),
  'a domain name in lower case, as origin.example.com',
  'give the name that the certificate is of, without https://',
);
const bucketName = rule(
  matching(/^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/),
  'the name of a bucket',
  'give its name, not its ARN',
);
/** Elastic Load Balancing API Reference, LoadBalancerAttribute: neither a slash at an end nor AWSLogs in it. */
const prefix = rule(
  matching(/^(?!\/)(?!.*AWSLogs).{1,900}(?<!\/)$/),
  'a text without AWSLogs in it and without a slash at its ends',
  'correct it, or leave it out',
);

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  given: LlHlsOriginArgs,
  transform: LlHlsOriginTransforms = {},
): NormalOrigin {
  const problems = new InputProblems(owner);
  const isGiven = isObject(problems, 'args', given, '{ network, store, image }');
  if (!isGiven) problems.throwIfAny();
  const args = given;
  problems.checkNames('', args, NAMES);
  if (isObject(problems, 'transform', transform, '{ service: { ... } }')) {
    problems.checkNames('transform', transform, ORIGIN_TRANSFORMS);
  }
  const network = normalNetwork(problems, args);
  const hasStore = isStore(problems, args.store);
  const zones = hasStore ? normalZones(problems, args, network) : new Map<string, NormalZone>();
  const { architecture, image, imageStays } = normalImage(problems, args);
  const normal: NormalOrigin = {
    ...{ network, store: args.store, image, imageStays, architecture, zones },
    channels: normalChannels(problems, args, [...zones.keys()]),
    ...normalSize(problems, args),
    ...normalScaling(problems, args.scaling),
    windowSeconds: wholeIn(problems, 'windowSeconds', args.windowSeconds, 60, [24, 86_400]),
    logLevel: choiceOf(problems, 'logLevel', args.logLevel, LOG_LEVELS, 'info'),
    tls: normalTls(problems, args.tls),
    admit: choiceOf(problems, 'admit', args.admit, OriginAdmission, OriginAdmission.VpcOrigins),
    deregistrationSeconds: wholeIn(problems, 'deregistrationSeconds', args.deregistrationSeconds, 30, [
      LEAST_DEREGISTRATION,
      300,
    ]),
    stopTimeoutSeconds: wholeIn(problems, 'stopTimeoutSeconds', args.stopTimeoutSeconds, 30, [5, 120]),
    accessLogs: normalAccessLogs(problems, args.accessLogs),
    containerInsights: choiceOf(
      problems,
      'containerInsights',
      args.containerInsights,
      ContainerInsights,
      ContainerInsights.Disabled,
    ),
    executeCommand: args.executeCommand ?? false,
    logRetentionDays: args.logRetentionDays ?? 30,
    alarms: normalAlarms(problems, args.alarms),
    protection: normalProtection(problems, args.environment),
    tags: checkTags(problems, args.tags),
  };
  problems.judge('executeCommand', normal.executeCommand, flag);
  problems.judge('logRetentionDays', normal.logRetentionDays, retentionProblem);
  problems.throwIfAny();
  return normal;
}

/** A load balancer for HTTP has subnets in two zones or more. @returns those zones that it can have them in */
function normalNetwork(problems: InputProblems, { network: given }: LlHlsOriginArgs): MediaNetwork {
  const network = checkNetwork(problems, 'network', given);
  const ids = Object.keys(network.zones);
  const usable = ids.filter(hasVpcOrigins);
  if (ids.length > 0 && usable.length < 2) {
    const others = ids.filter((id) => !usable.includes(id)).join(', ');
    const besides = others ? `, and CloudFront has no VPC origins in ${others}` : '';
    problems.add('network.zones', ids, {
      because: `an Application Load Balancer has subnets in two zones or more${besides}`,
      allowed: 'at least two zones with VPC origins',
      fix: 'give the network another zone; tasks run in those of `zones` alone',
    });
  }
  return { ...network, zones: Object.fromEntries(usable.map((id) => [id, network.zones[id]!])) };
}

function isStore(problems: InputProblems, store: unknown): store is OriginStore {
  const fields = store as Partial<OriginStore> | undefined;
  if (typeof fields?.grantRead === 'function' && fields.runtimeEnvironment !== undefined) return true;
  problems.add('store', typeof store === 'object' ? 'an object' : store, {
    allowed: 'a TieredSegmentStore',
    fix: `write new TieredSegmentStore('media', ...)`,
  });
  return false;
}

function normalImage(
  problems: InputProblems,
  args: LlHlsOriginArgs,
): Pick<NormalOrigin, 'architecture' | 'image' | 'imageStays'> {
  const architecture = choiceOf(
    problems,
    'architecture',
    args.architecture,
    Architecture,
    Architecture.Amd64,
    {
      x86_64: 'it is called amd64 here, as in registries',
      X86_64: 'it is called amd64 here, as in registries',
    },
  );
  const allowMutableTag = args.allowMutableTag ?? false;
  problems.judge('allowMutableTag', allowMutableTag, flag);
  const image = problems.check('image', args.image, (value: string) =>
    checkImageReference(value, { allowMutableTag, architecture }),
  );
  return { architecture, image, imageStays: !allowMutableTag };
}

function normalSize(
  problems: InputProblems,
  { cpu = 1024, memoryMiB }: LlHlsOriginArgs,
): Pick<NormalOrigin, 'cpu' | 'memoryMiB'> {
  problems.judge('cpu', cpu, cpuProblem);
  const sizes = FARGATE_SIZES.get(cpu) ?? [];
  const memory = memoryMiB ?? (sizes.includes(2048) ? 2048 : (sizes[0] ?? 2048));
  problems.judge('memoryMiB', memory, (value) => memoryProblem(cpu, value));
  return { cpu, memoryMiB: memory };
}

const SCALING = { cpuPercent: 60, sentMbps: 400 } as const;

function normalScaling(
  problems: InputProblems,
  given: LlHlsOriginArgs['scaling'] = {},
): Pick<NormalOrigin, 'cpuPercent' | 'sentMbps'> {
  if (!isObject(problems, 'scaling', given, '{ cpuPercent: 60, sentMbps: 400 }')) return SCALING;
  problems.checkNames('scaling', given, Object.keys(SCALING));
  return {
    cpuPercent: numberIn(problems, 'scaling.cpuPercent', given.cpuPercent, SCALING.cpuPercent, [10, 90]),
    sentMbps: numberIn(problems, 'scaling.sentMbps', given.sentMbps, SCALING.sentMbps, [10, 10_000]),
  };
}

function normalTls(problems: InputProblems, given: LlHlsOriginArgs['tls']): NormalTls | undefined {
  const example = `{ certificateArn: 'arn:aws:acm:...', domainName: 'origin.example.com' }`;
  if (given === undefined || !isObject(problems, 'tls', given, example)) return undefined;
  problems.checkNames('tls', given, ['certificateArn', 'domainName']);
  return {
    certificateArn: problems.check('tls.certificateArn', given.certificateArn, certificateArn),
    domainName: problems.check('tls.domainName', given.domainName, domainName),
  };
}

function normalAccessLogs(
  problems: InputProblems,
  given: LlHlsOriginArgs['accessLogs'],
): LlHlsOriginArgs['accessLogs'] {
  if (given === undefined || !isObject(problems, 'accessLogs', given, `{ bucket: 'logs' }`)) return undefined;
  problems.checkNames('accessLogs', given, ['bucket', 'prefix']);
  return {
    bucket: problems.check('accessLogs.bucket', given.bucket, bucketName),
    ...(given.prefix !== undefined && {
      prefix: problems.check('accessLogs.prefix', given.prefix, prefix),
    }),
  };
}

function normalAlarms(
  problems: InputProblems,
  given: LlHlsOriginArgs['alarms'] = {},
): NormalAlarms | undefined {
  if (given === false) return undefined;
  if (!isObject(problems, 'alarms', given, `{ actions: ['arn:aws:sns:...'] } or false`)) return undefined;
  problems.checkNames('alarms', given, ['actions', 'runbook', 'heldRequests']);
  const { actions = [], runbook, heldRequests } = given;
  checkRunbook(problems, runbook);
  return {
    actions: textsOf(problems, 'alarms.actions', actions, topicArn, MAX_ALARM_ACTIONS),
    runbook,
    heldRequests: wholeIn(problems, 'alarms.heldRequests', heldRequests, 2000, [100, 50_000]),
  };
}
