export * from './bus';
export * from './clock';
export * from './environment';
export * from './grid';
export * from './keys';
export * from './ladders';
export * from './ports';
