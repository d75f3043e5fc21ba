import { tokenOf } from '../../planner/doubles';

/** `aws:s3/bucket:Bucket` of a URN. */
export function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').pop() ?? '';
}

/** The logical name, which may itself hold `::`. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}

/** A physical name as Pulumi would give one, here always the same: the logical name and seven digits. */
export function generatedName(urn: string): string {
  return `${nameOf(urn)}-${tokenOf(urn)}`;
}
