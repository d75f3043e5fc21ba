/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import * as pulumi from '@pulumi/pulumi';
import {
  DURATION_FORM,
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  flag,
  isDeferred,
  isObject,
  matching,
  optional,
  parseDuration,
  rule,
  type Protection,
  type Tags,
} from '../kit';
import {
  EncryptionType,
  TRANSFORMS,
  type DistributionArgs,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreTransforms,
} from './args';
import { retentionDays, type RetentionDays } from './lifecycle';
import { normalZones, type NormalZone } from './normal-zones';
import { checkId, distributionArn } from './rules';

export interface NormalArgs {
  readonly zones: ReadonlyMap<string, NormalZone>;
  /** ARNs by the distributions' ids; undefined: still to be given. */
  readonly distributions: ReadonlyMap<string, pulumi.Input<string> | undefined>;
  readonly existingBucket: pulumi.Input<string> | undefined;
  /** Whether segments are kept for longer than viewers may seek. */
  readonly isArchive: boolean;
  readonly days: pulumi.Output<RetentionDays>;
  readonly encryption: EncryptionType;
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly protection: Protection;
  readonly tags: Tags;
}

const MAX_DAYS = 3650;
const GENERAL_BUCKET = /^(?=.{3,63}$)(?!.*\.\.)(?!.*--x-s3$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

const generalBucket = rule(
  matching(GENERAL_BUCKET),
  'the name of a general purpose bucket: 3 to 63 of a-z, 0-9, dots and hyphens',
  'give its name alone, without s3:// or arn:',
);
const keyArn = rule(
  matching(KEY_ARN),
  'the ARN of a key, as arn:aws:kms:us-east-1:123456789012:key/...',
  'give the ARN of the key itself: directory buckets take no alias',
);
const duration = rule(
  (value) => {
    const seconds = parseDuration(value);
    return seconds !== undefined && seconds > 0 && seconds <= MAX_DAYS * 86_400;
  },
  `${DURATION_FORM}; above 0, at most ${MAX_DAYS} days`,
  `write it as '12 hours' or '30 days'`,
);

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  given: TieredSegmentStoreArgs,
  transform: TieredSegmentStoreTransforms = {},
): NormalArgs {
  const problems = new InputProblems(owner);
  const args = isObject(problems, 'args', given, `{ zones: { a: { zoneId: 'use1-az4' } } }`) ? given : {};
  problems.checkNames('', args, [
    'zones',
    'allowUnlistedZones',
    'distributions',
    'existingBucket',
    'dvr',
    'archive',
    'encryption',
    'environment',
    'protection',
    'tags',
  ]);
  if (isObject(problems, 'transform', transform, '{ key: { deletionWindowInDays: 14 } }')) {
    problems.checkNames('transform', transform, TRANSFORMS);
  }
  checkOwners(problems, args);
  const normal: NormalArgs = {
    zones: normalZones(problems, args),
    distributions: normalDistributions(problems, args.distributions),
    existingBucket: optional(problems, 'existingBucket', args.existingBucket, generalBucket),
    isArchive: args.archive !== undefined,
    days: normalDays(problems, args),
    protection: normalProtection(problems, args),
    tags: checkTags(problems, args.tags),
    ...normalEncryption(problems, args),
  };
  problems.throwIfAny();
  return normal;
}

/** What would have no effect, because a bucket that is there already keeps its own settings. */
function checkOwners(problems: InputProblems, args: TieredSegmentStoreArgs): void {
  const { existingBucket, zones, encryption } = args;
  if (existingBucket === undefined) return;
  const settings = { dvr: 'lifecycle', archive: 'lifecycle', distributions: 'policy' } as const;
  for (const [name, what] of Object.entries(settings) as [keyof typeof settings, string][]) {
    if (args[name] === undefined) continue;
    problems.add(name, args[name], {
      because: `existingBucket keeps its own ${what}`,
      allowed: 'none',
      fix: `remove it, and change the ${what} where the bucket is made`,
    });
  }
  const created = Object.values(zones ?? {}).filter((zone) => zone?.existingBucket === undefined);
  if (created.length > 0 || encryption?.type === undefined || encryption.keyArn !== undefined) return;
  problems.add('encryption.type', encryption.type, {
    because: 'no bucket is made: those that are there already keep their own encryption',
    allowed: 'none',
    fix: 'remove it; where they are encrypted with a key of KMS, give keyArn',
  });
}

function normalDistributions(
  problems: InputProblems,
  given: Record<string, DistributionArgs> = {},
): Map<string, pulumi.Input<string> | undefined> {
  const distributions = new Map<string, pulumi.Input<string> | undefined>();
  if (!isObject(problems, 'distributions', given, '{ cdn: {} }')) return distributions;
  for (const [id, distribution] of Object.entries(given)) {
    const path = `distributions.${id}`;
    checkId(problems, path, id, 'rename it');
    if (!isObject(problems, path, distribution, `{} or { distributionArn: 'arn:aws:cloudfront::...' }`))
      continue;
    problems.checkNames(path, distribution, ['distributionArn']);
    const arn = distribution.distributionArn;
    distributions.set(id, optional(problems, `${path}.distributionArn`, arn, distributionArn));
  }
  return distributions;
}

function normalDays(
  problems: InputProblems,
  { dvr = '1 day', archive }: TieredSegmentStoreArgs,
): pulumi.Output<RetentionDays> {
  const window = problems.check('dvr', dvr, duration);
  if (archive === undefined) return pulumi.output(window).apply((text) => retentionDays(seconds(text)));
  if (!isObject(problems, 'archive', archive, `{ keepFor: '90 days' }`))
    return pulumi.output(retentionDays(1));
  problems.checkNames('archive', archive, ['keepFor']);
  const path = 'archive.keepFor';
  const keep = problems.check(path, archive.keepFor, duration);
  const longEnough = ([keepFor, atLeast]: readonly string[]) =>
    duration(keepFor) || duration(atLeast) || seconds(keepFor) >= seconds(atLeast)
      ? undefined
      : {
          because: `shorter than dvr, ${JSON.stringify(atLeast)}`,
          allowed: 'at least as long as dvr',
          fix: 'raise it, or leave archive out',
        };
  if (!isDeferred(keep) && !isDeferred(window)) {
    const problem = longEnough([keep as string, window as string]);
    if (problem) problems.add(path, keep, problem);
    return pulumi.output(retentionDays(seconds(window), seconds(keep)));
  }
  const both = problems.check(path, pulumi.all([keep, window]), longEnough);
  return pulumi.output(both).apply(([keepFor, atLeast]) => retentionDays(seconds(atLeast), seconds(keepFor)));
}

/** A text that was found to be none stands for the least: the error is on its way already. */
const seconds = (text: unknown): number => parseDuration(text) ?? 0;

function normalEncryption(
  problems: InputProblems,
  { encryption = {} }: TieredSegmentStoreArgs,
): Pick<NormalArgs, 'encryption' | 'keyArn'> {
  if (!isObject(problems, 'encryption', encryption, `{ type: 'sse-s3' }`)) {
    return { encryption: EncryptionType.Kms, keyArn: undefined };
  }
  problems.checkNames('encryption', encryption, ['type', 'keyArn']);
  const { type = EncryptionType.Kms, keyArn: arn } = encryption;
  const types: readonly string[] = Object.values(EncryptionType);
  problems.judge(
    'encryption.type',
    type,
    rule((value) => types.includes(value as string), types.join(', '), 'choose one'),
  );
  if (type === EncryptionType.SseS3 && arn !== undefined) {
    problems.add('encryption.keyArn', arn, {
      because: `type is ${type}`,
      allowed: 'none',
      fix: `remove keyArn, or set type to 'kms'`,
    });
    return { encryption: type, keyArn: undefined };
  }
  return { encryption: type, keyArn: optional(problems, 'encryption.keyArn', arn, keyArn) };
}

function normalProtection(
  problems: InputProblems,
  { environment = 'prod', protection = {} }: TieredSegmentStoreArgs,
): Protection {
  const environments: readonly string[] = ENVIRONMENTS;
  problems.judge(
    'environment',
    environment,
    rule((value) => environments.includes(value as string), environments.join(', '), 'choose one'),
  );
  const defaults = PROTECTION[environment] ?? PROTECTION.prod;
  if (!isObject(problems, 'protection', protection, '{ protect: true }')) return defaults;
  problems.checkNames('protection', protection, ['protect', 'retainOnDelete', 'forceDestroy']);
  for (const [name, value] of Object.entries(protection)) {
    if (name in PROTECTION.prod && value !== undefined) problems.judge(`protection.${name}`, value, flag);
  }
  const given = Object.entries(protection).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
