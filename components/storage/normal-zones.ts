/** The zones as given -> what the component works with, or what is wrong with them. */
import * as pulumi from '@pulumi/pulumi';
import { flag, isDeferred, isObject, matching, rule, type InputProblems, type Judge } from '../kit';
import type { TieredSegmentStoreArgs, ZoneArgs } from './args';
import { EXPRESS_REGIONS, EXPRESS_ZONES_AS_OF, expressZone } from './express-zones';
import { checkId } from './rules';

export interface NormalZone {
  readonly zoneId: pulumi.Input<string>;
  readonly existingBucket: pulumi.Input<string> | undefined;
}

const ZONE_ID = /^[a-z]{2,5}\d+(?:-[a-z]{3}\d+)?-az\d+$/;

const zoneId = rule(
  matching(ZONE_ID),
  'the id of a zone, as use1-az4',
  'take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
);
/** Of a zone where a bucket is to be made. */
const listedZoneId: Judge<string> = (id) => {
  const problem = zoneId(id);
  if (problem) return problem;
  const zone = expressZone(id);
  if (zone.kind !== 'unlisted') return undefined;
  const { region, zones } = zone;
  const others = Object.keys(EXPRESS_REGIONS).filter((name) => EXPRESS_REGIONS[name]!.zones.length > 0);
  return {
    because: `not a zone with S3 Express One Zone, as of ${EXPRESS_ZONES_AS_OF}`,
    allowed:
      zones.length > 0
        ? `${zones.join(', ')} (${region})`
        : `none of ${region}; ${others.join(', ')} have some`,
    fix: 'choose one of these, or set allowUnlistedZones if AWS has added this one',
  };
};

export function normalZones(
  problems: InputProblems,
  { zones: given = {}, allowUnlistedZones = false }: TieredSegmentStoreArgs,
): Map<string, NormalZone> {
  const zones = new Map<string, NormalZone>();
  problems.judge('allowUnlistedZones', allowUnlistedZones, flag);
  if (!isObject(problems, 'zones', given, `{ a: { zoneId: 'use1-az4' } }`)) return zones;
  const owners = new Map<string, string>();
  for (const [key, zone] of Object.entries(given)) {
    const path = `zones.${key}`;
    checkId(problems, path, key, 'rename it; it stays for the life of the bucket');
    if (!isObject(problems, path, zone, `{ zoneId: 'use1-az4' }`)) continue;
    problems.checkNames(path, zone, ['zoneId', 'existingBucket']);
    const isUnlistedTaken = allowUnlistedZones || zone.existingBucket !== undefined;
    const id = problems.check(`${path}.zoneId`, zone.zoneId, isUnlistedTaken ? zoneId : listedZoneId);
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
