import { createHash } from 'node:crypto';
import type { DoubleContext } from './types';

/** The account of every double: the one of AWS's own examples, so no tool takes it for a real one. */
export const ACCOUNT = '123456789012';

/** Seven digits, as many as Pulumi adds to a name (sdk/go/common/resource/resource_id.go, NewUniqueHex of 7). */
export function tokenOf(urn: string): string {
  return createHash('sha256').update(urn).digest('hex').slice(0, 7);
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function dnsSuffixOf(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The name that the program gave, by `field` or `<field>Prefix`, or the one that Pulumi would make. */
export function physicalName(context: DoubleContext, field: string): string {
  const prefix = text(context.inputs[`${field}Prefix`]);
  return (
    text(context.inputs[field]) ?? (prefix ? prefix + context.token : `${context.name}-${context.token}`)
  );
}

export function arn(context: DoubleContext, service: string, resource: string): string {
  return `arn:${context.partition}:${service}:${context.region}:${context.account}:${resource}`;
}

/** A UUID that begins with the token. */
export function uuid(token: string, salt = ''): string {
  const digits = createHash('sha256').update(`${token}${salt}`).digest('hex');
  return `${token}${digits.slice(0, 1)}-${digits.slice(1, 5)}-4${digits.slice(5, 8)}-a${digits.slice(8, 11)}-${digits.slice(11, 23)}`;
}
