/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import * as pulumi from '@pulumi/pulumi';
import {
  DURATION_FORM,
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  isDeferred,
  parseDuration,
  rule,
  type Judge,
  type Protection,
  type Tags,
} from '../kit';
import { EncryptionType, type TieredSegmentStoreArgs, type ZoneArgs } from './args';
import { retentionDays, type RetentionDays } from './lifecycle';

export interface NormalZone {
  readonly zoneId: pulumi.Input<string>;
  readonly existingBucket: pulumi.Input<string> | undefined;
}

export interface NormalArgs {
  readonly zones: ReadonlyMap<string, NormalZone>;
  readonly existingBucket: pulumi.Input<string> | undefined;
  readonly days: pulumi.Output<RetentionDays>;
  readonly encryption: EncryptionType;
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly protection: Protection;
  readonly tags: Tags;
}

const MAX_DAYS = 3650;
const ZONE_KEY = /^[a-z][a-z0-9-]{0,15}$/;
const ZONE_ID = /^[a-z]{2,5}\d+(?:-[a-z]{3}\d+)?-az\d+$/;
const GENERAL_BUCKET = /^(?=.{3,63}$)(?!.*\.\.)(?!.*--x-s3$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

const matching = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

const zoneId = rule(
  matching(ZONE_ID),
  'the id of a zone, as use1-az4',
  'take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
);
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
const flag = rule((value) => typeof value === 'boolean', 'true, false', 'write true or false');
const duration = rule(
  (value) => {
    const seconds = parseDuration(value);
    return seconds !== undefined && seconds > 0 && seconds <= MAX_DAYS * 86_400;
  },
  `${DURATION_FORM}; above 0, at most ${MAX_DAYS} days`,
  `write it as '12 hours' or '30 days'`,
);

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(owner: string, args: TieredSegmentStoreArgs): NormalArgs {
  const problems = new InputProblems(owner);
  problems.checkNames('', args, [
    'zones',
    'existingBucket',
    'dvr',
    'archive',
    'encryption',
    'environment',
    'protection',
    'tags',
  ]);
  const normal: NormalArgs = {
    zones: normalZones(problems, args.zones),
    existingBucket: optional(problems, 'existingBucket', args.existingBucket, generalBucket),
    days: normalDays(problems, args),
    protection: normalProtection(problems, args),
    tags: checkTags(problems, args.tags),
    ...normalEncryption(problems, args),
  };
  problems.throwIfAny();
  return normal;
}

function normalZones(problems: InputProblems, given: Record<string, ZoneArgs> = {}): Map<string, NormalZone> {
  const zones = new Map<string, NormalZone>();
  if (!isObject(problems, 'zones', given, `{ a: { zoneId: 'use1-az4' } }`)) return zones;
  const owners = new Map<string, string>();
  for (const [key, zone] of Object.entries(given)) {
    const path = `zones.${key}`;
    if (!ZONE_KEY.test(key)) {
      const allowed = '1 to 16 of a-z, 0-9 and hyphens, a letter first';
      problems.add(path, key, {
        because: 'the id',
        allowed,
        fix: 'rename it; it stays for the life of the bucket',
      });
    }
    if (!isObject(problems, path, zone, `{ zoneId: 'use1-az4' }`)) continue;
    problems.checkNames(path, zone, ['zoneId', 'existingBucket']);
    const id = problems.check(`${path}.zoneId`, zone.zoneId, zoneId);
    const owner = typeof id === 'string' ? owners.get(id) : undefined;
    if (owner !== undefined) {
      const because = `zones.${owner} has it too`;
      problems.add(`${path}.zoneId`, id, {
        because,
        allowed: 'one entry a zone',
        fix: 'remove one of the two',
      });
    }
    if (typeof id === 'string') owners.set(id, key);
    zones.set(key, { zoneId: id, existingBucket: existingDirectory(problems, path, zone) });
  }
  return zones;
}

function existingDirectory(
  problems: InputProblems,
  path: string,
  { zoneId: zone, existingBucket }: ZoneArgs,
): pulumi.Input<string> | undefined {
  if (existingBucket === undefined) return undefined;
  const judge = (name: string, id: string) =>
    matching(new RegExp(`^(?=.{3,63}$)[a-z0-9][a-z0-9-]*--${id}--x-s3$`))(name)
      ? undefined
      : {
          allowed: `the name of a directory bucket of the zone, ending in --${id}--x-s3`,
          fix: 'give a bucket of this zone, or the zone of this bucket',
        };
  const known = typeof zone === 'string' && ZONE_ID.test(zone) ? zone : undefined;
  if (known !== undefined)
    return problems.check(`${path}.existingBucket`, existingBucket, (name) => judge(name, known));
  const anyZone = '[a-z0-9-]+';
  if (!isDeferred(zone))
    return problems.check(`${path}.existingBucket`, existingBucket, (name) => judge(name, anyZone));
  const both = pulumi.all([existingBucket, zone]);
  const checked = problems.check(`${path}.existingBucket`, both, ([name, id]) => judge(name, id));
  return pulumi.output(checked).apply(([name]) => name);
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
  return { ...defaults, ...protection };
}

const optional = <T>(
  problems: InputProblems,
  path: string,
  value: pulumi.Input<T> | undefined,
  judge: Judge<T>,
): pulumi.Input<T> | undefined => (value === undefined ? undefined : problems.check(path, value, judge));

function isObject(problems: InputProblems, path: string, value: unknown, example: string): boolean {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isDeferred(value)) return true;
  problems.add(path, value, { allowed: 'an object', fix: `write ${example}` });
  return false;
}
