export * from './kit';
export * from './storage';
