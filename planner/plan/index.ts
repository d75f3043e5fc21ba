/** `aws-media plan`: what is known of a stack before it is deployed. */
export { planOf } from './plan';
export { PLAN_SCHEMA } from './schema';
export { PLAN_SCHEMA_NAME, PLAN_VERSION } from './types';
export type * from './types';
