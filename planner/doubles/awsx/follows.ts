import type { Followed } from '../construct/types';

/**
 * The package whose provider the doubles of this folder follow. The revision is the newest that could be read, eleven
 * days before 3.9.0 was published.
 */
export const AWSX: Followed = {
  package: 'awsx',
  version: '3.9.0',
  repository: 'https://github.com/pulumi/pulumi-awsx',
  revision: 'e60adf3cf01f3ac03cc6bc846cdd0df320afed23',
  // Exact in the provider, and from there the lowest that the installed package accepts.
  versions: { aws: '7.43.0', docker: '4.6.0', 'docker-build': '0.0.14' },
};

/** What no double of this folder does. */
export const NEVER = [
  'warnings that upstream logs',
  'aliases to type and resource names of releases before 1.0',
] as const;
