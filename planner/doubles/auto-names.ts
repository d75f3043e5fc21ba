import { NAMED_TYPES } from './sdk-types';

/** Where the name is another input. */
const OTHER: { readonly [type: string]: string } = {
  'aws:s3/bucket:Bucket': 'bucket',
  'aws:s3/bucketV2:BucketV2': 'bucket',
};
const NAMED = new Set(NAMED_TYPES);

/** The input that names a resource in AWS, where Pulumi makes one up if it is left out. */
export function nameInput(type: string): string | undefined {
  return OTHER[type] ?? (NAMED.has(type) ? 'name' : undefined);
}
