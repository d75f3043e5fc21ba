/** Ids of Availability Zones. */
import type { Problem } from '../kit';

/** `use1-az4`, `apne1-az1`, `euw2-az3`: no region has a zone above 6 (us-east-1 has use1-az1 to use1-az6). */
const ZONE_ID = /^[a-z]{2,5}\d+-az([1-6])$/;
const LOCAL_ZONE = /^[a-z]{2,5}\d+-(?:[a-z]{3}\d+-az|wl\d+-[a-z]{3}-wlz)\d+$/;
const ZONE_NAME = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;

/** What a zone is taken for, for messages. */
export const ZONE_ID_FORM = 'the id of an Availability Zone, as use1-az4';

/** @returns undefined where the id is that of a zone */
export function zoneIdProblem(id: string): Problem | undefined {
  if (ZONE_ID.test(id)) return undefined;
  const allowed = ZONE_ID_FORM;
  if (LOCAL_ZONE.test(id)) {
    const because = 'a Local Zone or a Wavelength Zone: these lack NAT gateways or interface endpoints';
    return { because, allowed, fix: 'choose a zone of the region itself' };
  }
  if (ZONE_NAME.test(id)) {
    const because = 'the name of a zone, which is another zone in each account';
    return {
      because,
      allowed,
      fix: 'take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
    };
  }
  return { allowed, fix: 'take the ZoneId of `aws ec2 describe-availability-zones`' };
}

/** The zone's number in its region, from 1 to 6: `use1-az4` is 4. */
export const zoneNumber = (id: string): number => Number(ZONE_ID.exec(id)?.[1]);

/** What the ids of a region's zones begin with: `use1-az4` is of `use1`. */
export const zonePrefix = (id: string): string => id.slice(0, id.indexOf('-'));

const COMPASS: Readonly<Record<string, string>> = {
  north: 'n',
  northeast: 'ne',
  east: 'e',
  southeast: 'se',
  south: 's',
  southwest: 'sw',
  west: 'w',
  northwest: 'nw',
  central: 'c',
  gov: 'g',
};

/** What the ids of a region's zones begin with: `ap-southeast-2` has `apse2`. */
export const regionPrefix = (region: string): string =>
  region
    .split('-')
    .map((word) => COMPASS[word] ?? word)
    .join('');
