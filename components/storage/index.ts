export * from './args';
export * from './layout';
export * from './lifecycle';
export * from './policies';
export * from './tiered-segment-store';
