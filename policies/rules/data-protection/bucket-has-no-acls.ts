import { compliant, found, given, resourceRule, text, violating } from '../../core';

const ACL = 'aws:s3/bucketAcl:BucketAcl';
const OWNERSHIP = 'aws:s3/bucketOwnershipControls:BucketOwnershipControls';

export const bucketHasNoAcls = resourceRule({
  id: 'bucket-has-no-acls',
  family: 'data-protection',
  title: 'No bucket uses ACLs',
  severity: 'medium',
  controls: ['AWS FSBP S3.12'],
  why: 'An ACL gives single objects away past every policy, and no review of policies shows it.',
  fix: "Remove the ACL and set `rule: { objectOwnership: 'BucketOwnerEnforced' }`; give access by the policy of the bucket",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket', ACL, OWNERSHIP],
  check: (resource) => {
    if (resource.type === OWNERSHIP) {
      const ownership = text(resource, 'rule.objectOwnership');
      return ownership === 'BucketOwnerEnforced'
        ? compliant
        : violating(`its ownership ${ownership} keeps ACLs`);
    }
    const acl = text(resource, 'acl');
    if (resource.type === ACL) return violating(`it sets the ACL ${acl ?? 'of a list of grants'}`);
    return found([
      ...(acl !== undefined && acl !== 'private' ? [`it sets the ACL ${acl}`] : []),
      ...(given(resource, 'grants') && acl === undefined && hasGrants(resource.props['grants'])
        ? ['it sets an ACL of a list of grants']
        : []),
    ]);
  },
});

/** A provider reports the owner's own grant for every bucket. */
function hasGrants(grants: unknown): boolean {
  return (
    Array.isArray(grants) &&
    grants.some(
      (grant: { readonly type?: unknown }) => grant.type !== undefined && grant.type !== 'CanonicalUser',
    )
  );
}
