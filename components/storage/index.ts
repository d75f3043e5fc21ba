export * from './args';
export * from './express-zones';
export type { GrantScope } from './grants';
export * from './layout';
export * from './lifecycle';
export * from './policies';
export * from './tiered-segment-store';
