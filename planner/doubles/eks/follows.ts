import type { Followed } from '../construct/types';

/** The package whose provider the doubles of this folder follow. */
export const EKS: Followed = {
  package: 'eks',
  version: '4.3.0',
  repository: 'https://github.com/pulumi/pulumi-eks',
  revision: 'v4.3.0',
  versions: { aws: '7.25.0', kubernetes: '4.19.0' },
};
