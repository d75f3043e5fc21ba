// Follows nodejs/eks/cluster/cluster.ts of pulumi-eks 4.3.0.
import { serviceRole, workerSubnets } from './parts';
import { at } from '../construct/traced';
import type { Traced } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';

/** The profile by which Fargate runs pods; undefined where the program asks for none. */
export async function fargateProfileOf(
  component: Construction,
  cluster: Child,
  subnetIds: Traced,
  configMap: Child | undefined,
): Promise<Child | undefined> {
  const given = component.given('fargate');
  if (!given || given.wire === false) return undefined;
  const option = (field: string) => (at(given, field).isGiven ? at(given, field) : undefined);
  const podExecutionRoleArn =
    option('podExecutionRoleArn') ??
    (
      await serviceRole(component, `${component.name}-podExecutionRole`, {
        service: 'eks-fargate-pods.amazonaws.com',
        policies: ['AmazonEKSFargatePodExecutionRolePolicy'],
        tags: component.given('tags'),
      })
    ).role.output('arn');
  return component.child(
    'aws:eks/fargateProfile:FargateProfile',
    profileName(component.name),
    {
      ...{ clusterName: cluster.output('name'), podExecutionRoleArn },
      selectors: option('selectors') ?? [{ namespace: 'default' }, { namespace: 'kube-system' }],
      subnetIds: await workerSubnets(component, option('subnetIds') ?? subnetIds),
    },
    { dependsOn: configMap ? [configMap] : [] },
  );
}

/** AWS keeps names that begin with `eks-` for itself. */
function profileName(name: string): string {
  return name === 'eks' || /^eks-/i.test(name)
    ? `${name.replace('-', '_')}fargateProfile`
    : `${name}-fargateProfile`;
}

export async function oidcProviderOf(component: Construction, cluster: Child): Promise<Child | undefined> {
  if (component.plain<boolean>('createOidcProvider') !== true) return undefined;
  return component.child(
    'aws:iam/openIdConnectProvider:OpenIdConnectProvider',
    `${component.name}-oidcProvider`,
    {
      clientIdLists: ['sts.amazonaws.com'],
      url: at(cluster.output('identities'), 0, 'oidcs', 0, 'issuer'),
    },
  );
}
