/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import {
  InputProblems,
  MAX_ALARM_ACTIONS,
  checkRunbook,
  checkTags,
  choiceOf,
  flag,
  isObject,
  normalProtection,
  numberIn,
  retentionProblem,
  rule,
  textsOf,
  topicArn,
  wholeIn,
  type Judge,
  type Protection,
  type Tags,
} from '../../kit';
import type * as pulumi from '@pulumi/pulumi';
import { checkNetwork, type MediaNetwork } from '../../network/network';
import { checkImageReference } from '../image/reference';
import {
  ContainerInsights,
  ChannelDeployment,
  FLEET_TRANSFORMS,
  InstanceReplacement,
  FleetPlacement,
  type NvencEncodeFleetArgs,
  type NvencEncodeFleetTransforms,
} from './args';
import { normalChannels, type NormalChannel } from './normal-channels';
import { poolsOf, type Pool } from './pools';
import { DEFAULT_INSTANCE_TYPES, instanceTypeProblem } from './instance-types';
import type { FleetIngest, FleetStore } from './neighbours';
import { PURCHASE_OPTIONS, PurchaseOption, type PurchaseMix } from './purchase';
import { normalReservations, type NormalReservation } from './reservations';

export interface NormalAlarms {
  readonly actions: readonly pulumi.Input<string>[];
  readonly advisoryActions: readonly pulumi.Input<string>[];
  readonly runbook: string | undefined;
}

export interface NormalFleet {
  readonly network: MediaNetwork;
  readonly store: FleetStore;
  readonly ingest: FleetIngest | undefined;
  readonly image: pulumi.Input<string>;
  /** Whether no image of the fleet can change under its name. */
  readonly imagesStay: boolean;
  readonly channels: ReadonlyMap<string, NormalChannel>;
  readonly pools: ReadonlyMap<string, Pool>;
  /** By the keys of pools. */
  readonly reservations: ReadonlyMap<string, NormalReservation>;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly spotMaxPrice: number | undefined;
  readonly maxInstances: number;
  readonly targetCapacity: number;
  readonly warmPoolSize: number;
  readonly imageId: pulumi.Input<string>;
  readonly diskGib: number;
  readonly placement: FleetPlacement;
  readonly instanceReplacement: InstanceReplacement;
  readonly stopTimeoutSeconds: number;
  readonly containerInsights: ContainerInsights;
  readonly executeCommand: boolean;
  readonly logRetentionDays: number;
  readonly alarms: NormalAlarms | undefined;
  readonly protection: Protection;
  readonly tags: Tags;
}

/** The arguments that there are. */
export const NAMES = [
  'network',
  'store',
  'image',
  'allowMutableTag',
  'channels',
  'ingest',
  'securityGroupIds',
  'zones',
  'instanceTypes',
  'allowUnlistedOffers',
  'purchase',
  'spotMaxPrice',
  'capacityReservations',
  'margin',
  'maxInstances',
  'targetCapacity',
  'warmPool',
  'ami',
  'diskGib',
  'placement',
  'instanceReplacement',
  'deployment',
  'stopTimeoutSeconds',
  'containerInsights',
  'executeCommand',
  'logRetentionDays',
  'alarms',
  'environment',
  'tags',
] as const satisfies readonly (keyof NvencEncodeFleetArgs)[];

/** EC2 User Guide, "FleetPlacement groups": seven running instances a zone. */
const SPREAD_INSTANCES = 7;
/** ECS service quotas: not adjustable. */
const MAX_CAPACITY_PROVIDERS = 20;
const RECOMMENDED_AMI = '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id';

export const securityGroupId = rule(
  (value) => typeof value === 'string' && /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(value),
  'the id of a security group, as sg-0123456789abcdef0',
  'give its id, not its ARN or name',
);
const amiId = rule(
  (value) => typeof value === 'string' && /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(value),
  'the id of a machine image, as ami-0123456789abcdef0',
  'give its id; a parameter belongs into ami.parameter',
);
/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  given: NvencEncodeFleetArgs,
  transform: NvencEncodeFleetTransforms = {},
): NormalFleet {
  const problems = new InputProblems(owner);
  const isGiven = isObject(problems, 'args', given, '{ network, store, image, channels }');
  if (!isGiven) problems.throwIfAny();
  const args = given;
  problems.checkNames('', args, NAMES);
  if (isObject(problems, 'transform', transform, '{ service: { ... } }')) {
    problems.checkNames('transform', transform, FLEET_TRANSFORMS);
  }
  const network = checkNetwork(problems, 'network', args.network, {
    ...(Array.isArray(args.zones) && { zones: args.zones.filter((zone) => typeof zone === 'string') }),
  });
  const zones = normalZones(problems, args, network);
  const hasStore = isStore(problems, args.store);
  const hasIngest = args.ingest === undefined || isIngest(problems, args.ingest);
  const instanceTypes = normalTypes(problems, args.instanceTypes);
  const mix = normalMix(problems, args.purchase);
  const allowUnlisted = args.allowUnlistedOffers ?? false;
  problems.judge('allowUnlistedOffers', allowUnlisted, flag);
  const allowMutableTag = args.allowMutableTag ?? false;
  problems.judge('allowMutableTag', allowMutableTag, flag);
  const imageRule: Judge<string> = (image) =>
    checkImageReference(image, { allowMutableTag, architecture: 'amd64' });
  const image = problems.check('image', args.image, imageRule);
  const deployment = choiceOf(
    problems,
    'deployment',
    args.deployment,
    ChannelDeployment,
    ChannelDeployment.StopStart,
  );
  const margin = numberIn(problems, 'margin', args.margin, 0.7, [0.01, 1]);
  const warmPool = normalWarmPool(problems, args.warmPool, mix);
  const pools = poolsOf({ problems, zones, instanceTypes, mix, allowUnlisted, warmPool });
  if (pools.size > MAX_CAPACITY_PROVIDERS) {
    problems.add('instanceTypes', instanceTypes, {
      because: `zones, instance types and ways of paying make ${pools.size} capacity providers`,
      allowed: `at most ${MAX_CAPACITY_PROVIDERS}, which is ECS's limit of a cluster`,
      fix: 'leave some out, or make a fleet a zone',
    });
  }
  const maxInstances = wholeIn(problems, 'maxInstances', args.maxInstances, 32, [1, 1000]);
  const placement = choiceOf(problems, 'placement', args.placement, FleetPlacement, FleetPlacement.Any, {
    cluster: 'it puts all instances on hardware that fails together, and encoders do not speak to each other',
  });
  if (placement === FleetPlacement.Spread && maxInstances > SPREAD_INSTANCES) {
    problems.add('placement', placement, {
      because: `maxInstances is ${maxInstances}, and a spread group has room for ${SPREAD_INSTANCES} in a zone`,
      allowed: `spread with maxInstances of at most ${SPREAD_INSTANCES}, partition, any`,
      fix: `set maxInstances to ${SPREAD_INSTANCES}, or placement to 'partition'`,
    });
  }
  const channels = normalChannels(problems, {
    given: args.channels,
    zones,
    store: hasStore ? args.store : undefined,
    ingest: hasIngest ? args.ingest : undefined,
    instanceTypes,
    pools,
    mix,
    margin,
    maxInstances,
    deployment,
    image,
    imageRule,
  });
  const normal: NormalFleet = {
    network,
    store: args.store,
    ingest: args.ingest,
    image,
    imagesStay: !allowMutableTag,
    channels,
    pools,
    reservations: normalReservations(problems, args.capacityReservations, pools),
    securityGroupIds: textsOf(problems, 'securityGroupIds', args.securityGroupIds ?? [], securityGroupId, 4),
    spotMaxPrice: normalSpotPrice(problems, args, mix),
    maxInstances,
    targetCapacity: wholeIn(problems, 'targetCapacity', args.targetCapacity, 100, [1, 100]),
    warmPoolSize: warmPool?.minSize ?? 0,
    imageId: normalAmi(problems, args.ami),
    diskGib: wholeIn(problems, 'diskGib', args.diskGib, 40, [30, 1000]),
    placement,
    instanceReplacement: choiceOf(
      problems,
      'instanceReplacement',
      args.instanceReplacement,
      InstanceReplacement,
      InstanceReplacement.Manual,
    ),
    stopTimeoutSeconds: wholeIn(problems, 'stopTimeoutSeconds', args.stopTimeoutSeconds, 30, [10, 110]),
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

export function normalZones(
  problems: InputProblems,
  args: Pick<NvencEncodeFleetArgs, 'zones'>,
  network: MediaNetwork,
): string[] {
  const known = Object.keys(network.zones);
  if (args.zones === undefined) return known;
  const isList = Array.isArray(args.zones) && args.zones.length > 0;
  const isTexts = isList && args.zones.every((zone) => typeof zone === 'string');
  if (!isTexts || new Set(args.zones).size !== args.zones.length) {
    const allowed = `a list of different zones of the network: ${known.join(', ')}`;
    problems.add('zones', args.zones, { allowed, fix: 'correct it, or leave it out for all' });
    return known;
  }
  return args.zones.filter((zone) => known.includes(zone));
}

export function isStore(problems: InputProblems, store: unknown): boolean {
  const fields = store as Partial<FleetStore> | undefined;
  if (typeof fields?.grantWrite === 'function' && fields.runtimeEnvironment !== undefined) return true;
  problems.add('store', typeof store === 'object' ? 'an object' : store, {
    allowed: 'a TieredSegmentStore',
    fix: `write new TieredSegmentStore('media', ...)`,
  });
  return false;
}

export function isIngest(problems: InputProblems, ingest: unknown): boolean {
  const fields = ingest as Partial<FleetIngest> | null;
  if (typeof fields?.grantReadPassphrase === 'function' && fields.channels !== undefined) return true;
  problems.add('ingest', typeof ingest === 'object' ? 'an object' : ingest, {
    allowed: 'an SrtIngest',
    fix: `write new SrtIngest('contribution', ...), or leave it out`,
  });
  return false;
}

export function normalTypes(
  problems: InputProblems,
  given: readonly string[] = DEFAULT_INSTANCE_TYPES,
  problemOf: Judge<unknown> = instanceTypeProblem,
): string[] {
  if (!Array.isArray(given) || given.length === 0) {
    problems.add('instanceTypes', given, { allowed: 'a list of at least one', fix: `write ['g5.xlarge']` });
    return [...DEFAULT_INSTANCE_TYPES];
  }
  const types = given as readonly string[];
  types.forEach((type, n) => {
    problems.judge(`instanceTypes[${n}]`, type, problemOf);
    if (types.indexOf(type) < n) {
      problems.add(`instanceTypes[${n}]`, type, {
        because: 'it is in the list already',
        allowed: 'each type once',
        fix: 'remove it',
      });
    }
  });
  return [...new Set(types)].filter((type) => !problemOf(type));
}

export function normalMix(problems: InputProblems, given: PurchaseMix = { 'on-demand': 100 }): PurchaseMix {
  if (!isObject(problems, 'purchase', given, `{ committed: 70, spot: 20, 'on-demand': 10 }`)) {
    return { 'on-demand': 100 };
  }
  problems.checkNames('purchase', given, PURCHASE_OPTIONS);
  const shares = PURCHASE_OPTIONS.map((option) => given[option] ?? 0);
  const arePercent = shares.every((share) => Number.isInteger(share) && share >= 0);
  const sum = shares.reduce((total, share) => total + Number(share), 0);
  if (!arePercent || sum !== 100) {
    problems.add('purchase', given, {
      because: arePercent ? `together ${sum}` : 'not all are whole numbers from 0 to 100',
      allowed: 'percent, together 100',
      fix: `correct the numbers, as { committed: 70, spot: 20, 'on-demand': 10 }`,
    });
    return { 'on-demand': 100 };
  }
  return given;
}

export interface NormalWarmPool {
  readonly minSize: number;
  readonly purchase: readonly PurchaseOption[];
}

function normalWarmPool(
  problems: InputProblems,
  given: NvencEncodeFleetArgs['warmPool'],
  mix: PurchaseMix,
): NormalWarmPool | undefined {
  if (given === undefined || !isObject(problems, 'warmPool', given, '{ minSize: 1 }')) return undefined;
  problems.checkNames('warmPool', given, ['minSize', 'purchase']);
  const ordinary = PURCHASE_OPTIONS.filter(
    (option) => option !== PurchaseOption.Spot && mix[option] !== undefined,
  );
  const purchase = given.purchase ?? ordinary;
  const minSize = wholeIn(problems, 'warmPool.minSize', given.minSize, undefined, [1, 100]);
  for (const [n, option] of purchase.entries()) {
    if (option === PurchaseOption.Spot) {
      problems.add(`warmPool.purchase[${n}]`, option, {
        because: 'EC2 Auto Scaling has no warm pool for Spot instances and mixed instances policies',
        allowed: 'committed, on-demand',
        fix: 'leave it out',
      });
    } else if (!PURCHASE_OPTIONS.includes(option)) {
      problems.add(`warmPool.purchase[${n}]`, option, { allowed: 'committed, on-demand', fix: 'choose one' });
    }
  }
  if (purchase.length === 0) {
    problems.add('warmPool', given, {
      because: 'all instances of `purchase` are Spot, for which EC2 Auto Scaling has no warm pool',
      allowed: 'none',
      fix: 'leave it out',
    });
  }
  return { minSize, purchase };
}

function normalSpotPrice(
  problems: InputProblems,
  { spotMaxPrice }: NvencEncodeFleetArgs,
  mix: PurchaseMix,
): number | undefined {
  if (spotMaxPrice === undefined) return undefined;
  const price = numberIn(problems, 'spotMaxPrice', spotMaxPrice, 0, [0.01, 100]);
  if (mix.spot === undefined) {
    const fix = 'remove it, or name spot in `purchase`';
    problems.add('spotMaxPrice', spotMaxPrice, { because: 'nothing is on Spot', allowed: 'none', fix });
  }
  return price;
}

function normalAmi(problems: InputProblems, given: NvencEncodeFleetArgs['ami'] = {}): pulumi.Input<string> {
  const fallback = `resolve:ssm:${RECOMMENDED_AMI}`;
  if (!isObject(problems, 'ami', given, `{ id: 'ami-...' }`)) return fallback;
  problems.checkNames('ami', given, ['id', 'parameter']);
  const { id, parameter } = given;
  if (id !== undefined && parameter !== undefined) {
    problems.add('ami', given, { allowed: 'id or parameter', fix: 'remove one of the two' });
  }
  if (id !== undefined) return problems.check('ami.id', id, amiId);
  if (parameter === undefined) return fallback;
  const isName = typeof parameter === 'string' && /^\/[A-Za-z0-9_.\-/]{1,1010}$/.test(parameter);
  if (!isName) {
    problems.add('ami.parameter', parameter, {
      allowed: `the name of a parameter, as ${RECOMMENDED_AMI}`,
      fix: 'give its name, beginning with a slash, without resolve:ssm:',
    });
  }
  return `resolve:ssm:${parameter}`;
}

function normalAlarms(
  problems: InputProblems,
  given: NvencEncodeFleetArgs['alarms'] = {},
): NormalAlarms | undefined {
  if (given === false) return undefined;
  if (!isObject(problems, 'alarms', given, `{ actions: ['arn:aws:sns:...'] } or false`)) return undefined;
  problems.checkNames('alarms', given, ['actions', 'advisoryActions', 'runbook']);
  const { actions = [], advisoryActions = [], runbook } = given;
  checkRunbook(problems, runbook);
  return {
    actions: textsOf(problems, 'alarms.actions', actions, topicArn, MAX_ALARM_ACTIONS),
    advisoryActions: textsOf(
      problems,
      'alarms.advisoryActions',
      advisoryActions,
      topicArn,
      MAX_ALARM_ACTIONS,
    ),
    runbook,
  };
}
