export * from './args';
export * from './encoder-image';
export type { CodeBuildNodes, RepositoryNodes } from './children';
export * from './reference';
