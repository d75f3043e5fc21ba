export * from './durations';
export * from './environments';
export * from './input-errors';
export * from './names';
export * from './nearest';
export * from './tags';
export * from './transform';
