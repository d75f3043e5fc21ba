/** `@pulumi/eks`, which the user installs, and the `@pulumi/kubernetes` that comes with it. */
import { createRequire } from 'node:module';
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import { loadOptional } from '../kit/optional-package';

export type Eks = typeof eks;

/** A kind of Kubernetes object. */
type Kind = new (name: string, args: object, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** What is used of `@pulumi/kubernetes`, without its types: a user who has no such package could not resolve them. */
export interface Kubernetes {
  readonly Provider: new (
    name: string,
    args: { readonly kubeconfig: pulumi.Input<string> },
    opts?: pulumi.ResourceOptions,
  ) => pulumi.ProviderResource;
  readonly core: {
    readonly v1: { readonly Namespace: Kind; readonly ConfigMap: Kind; readonly ServiceAccount: Kind };
  };
  readonly apps: { readonly v1: { readonly DaemonSet: Kind; readonly Deployment: Kind } };
  readonly apiextensions: { readonly CustomResource: Kind };
}

export interface Packages {
  readonly eks: Eks;
  /** The copy that `@pulumi/eks` depends on, so that no other has to be declared, and one version of it is used. */
  readonly kubernetes: Kubernetes;
}

/** @throws RunError with the command that installs `@pulumi/eks`, where it is absent or of a version out of range */
export function loadPackages(neededBy: string): Packages {
  const found = loadOptional<Eks>('@pulumi/eks', neededBy);
  const here = createRequire(__filename);
  const load = createRequire(here.resolve('@pulumi/eks/package.json'));
  return { eks: found, kubernetes: load('@pulumi/kubernetes') as Kubernetes };
}
