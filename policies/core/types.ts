/** Names of types: @pulumi/aws has had several for some, and programs still use them. */

/** Modules that are another's older name. */
const MODULES: Readonly<Record<string, string>> = {
  alb: 'lb',
  elbv2: 'lb',
  applicationloadbalancing: 'lb',
  elasticloadbalancingv2: 'lb',
  elasticloadbalancing: 'elb',
};

/** Classes that are another's older name. */
const CLASSES: Readonly<Record<string, string>> = {
  'aws:s3/bucketV2:BucketV2': 'aws:s3/bucket:Bucket',
  'aws:s3/bucketAclV2:BucketAclV2': 'aws:s3/bucketAcl:BucketAcl',
  'aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2':
    'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration',
  'aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2':
    'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  'aws:s3/bucketLoggingV2:BucketLoggingV2': 'aws:s3/bucketLogging:BucketLogging',
  'aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2':
    'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration',
  'aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2':
    'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  'aws:s3/bucketVersioningV2:BucketVersioningV2': 'aws:s3/bucketVersioning:BucketVersioning',
  'aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2':
    'aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration',
};

/** The name that @pulumi/aws 7 has for a type. */
export function canonicalType(type: string): string {
  const renamed = CLASSES[type];
  if (renamed !== undefined) return renamed;
  const [, module] = /^aws:([^/:]+)/.exec(type) ?? [];
  const newer = module === undefined ? undefined : MODULES[module];
  return newer === undefined ? type : type.replace(`aws:${module}`, `aws:${newer}`);
}

const RENAMED = new Set(Object.values(CLASSES));
const RENAMED_MODULES = Object.values(MODULES);

/** Whether a type of @pulumi/aws 7 has had another name, which programs may still use. */
export const hasOlderName = (type: string): boolean =>
  RENAMED.has(type) || RENAMED_MODULES.some((module) => type.startsWith(`aws:${module}/`));
