// Follows nodejs/eks/addons/addon.ts and cni-addon.ts of pulumi-eks 4.3.0.
import { EKS } from './follows';
import { coreOf } from './node-groups';
import { sortedJson } from './parts';
import { Traced, at, derived, traced } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';
import type { ComponentDouble } from '../construct/types';

export const ADDON: ComponentDouble = {
  type: 'eks:index:Addon',
  follows: EKS,
  source: 'nodejs/eks/addons/addon.ts',
  leavesOut: ['the cluster as parent of the component: it is where the program puts it'],
  make: async (component) => {
    const configurationValues = component.given('configurationValues');
    const addon = await component.child('aws:eks/addon:Addon', component.name, {
      ...component.allBut(['cluster']),
      clusterName: at((await coreOf(component)).cluster, 'name'),
      configurationValues:
        configurationValues && derived(configurationValues, (values) => JSON.stringify(values)),
    });
    return { addon: addon.reference };
  },
};

/** An add-on that the cluster itself makes. */
export async function clusterAddon(
  component: Construction,
  name: string,
  args: {
    readonly addonName: string;
    readonly cluster: Child;
    readonly options: Traced | undefined;
    readonly configuration: Traced | undefined;
    readonly dependsOn?: readonly Child[];
  },
): Promise<Child> {
  const { addonName, cluster, options, configuration } = args;
  const option = (field: string) => (options && at(options, field).isGiven ? at(options, field) : undefined);
  return component.child(
    'aws:eks/addon:Addon',
    name,
    {
      ...{ clusterName: cluster.output('name'), addonName, preserve: true, tags: component.given('tags') },
      addonVersion:
        option('version') ?? (await newestVersion(component, addonName, cluster.output('version'))),
      resolveConflictsOnCreate: option('resolveConflictsOnCreate') ?? 'OVERWRITE',
      resolveConflictsOnUpdate: option('resolveConflictsOnUpdate') ?? 'OVERWRITE',
      configurationValues: configuration && sortedJson(configuration),
    },
    { dependsOn: args.dependsOn ?? [] },
  );
}

async function newestVersion(
  component: Construction,
  addonName: string,
  kubernetesVersion: Traced,
): Promise<Traced> {
  const answer = await component.invoke('aws:eks/getAddonVersion:getAddonVersion', {
    ...{ addonName, kubernetesVersion, mostRecent: true },
  });
  return at(answer, 'version');
}

/** The network add-on: a component of its own, with the settings of its containers in order. */
export async function vpcCniAddon(
  component: Construction,
  cluster: Child,
): Promise<{ readonly urn: string }> {
  const name = `${component.name}-vpc-cni`;
  const options = component.given('vpcCniOptions');
  const option = (field: string) => (options && at(options, field).isGiven ? at(options, field) : undefined);
  const [clusterName, clusterVersion] = [cluster.output('name'), cluster.output('version')];
  const tags = component.given('tags');
  const inner = await component.component('eks:index:VpcCniAddon', name, {
    clusterName,
    clusterVersion,
    tags,
  });
  const settings = Object.entries(SETTINGS).map(
    ([variable, [field, otherwise]]) => [variable, option(field) ?? new Traced(otherwise)] as const,
  );
  const environment = derived(Object.fromEntries(settings), (values: { [variable: string]: unknown }) =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([variable, value]) => [variable, String(value)]),
    ),
  );
  const early = derived(option('disableTcpEarlyDemux') ?? new Traced(false), String);
  const policy = option('enableNetworkPolicy');
  const configuration = derived(
    traced({
      given: option('configurationValues') ?? {},
      env: environment,
      init: { env: { DISABLE_TCP_EARLY_DEMUX: early } },
      policy,
    }),
    ({ given, env, init, policy: wanted }: Configuration) => ({
      ...(wanted !== undefined && { enableNetworkPolicy: String(wanted) }),
      ...given,
      env: { ...env, ...given.env },
      init: { ...given.init, env: { ...init.env, ...given.init?.env } },
    }),
  );
  const addon = await inner.child('aws:eks/addon:Addon', name, {
    ...{ clusterName, addonName: 'vpc-cni', preserve: true, tags },
    addonVersion: option('addonVersion') ?? (await newestVersion(inner, 'vpc-cni', clusterVersion)),
    resolveConflictsOnCreate: option('resolveConflictsOnCreate') ?? 'OVERWRITE',
    resolveConflictsOnUpdate: option('resolveConflictsOnUpdate') ?? 'OVERWRITE',
    configurationValues: sortedJson(configuration),
    serviceAccountRoleArn: option('serviceAccountRoleArn'),
  });
  await inner.registerOutputs({ addon: addon.reference });
  return inner;
}

interface Configuration {
  readonly given: {
    readonly env?: { readonly [variable: string]: string };
    readonly init?: { readonly env?: { readonly [variable: string]: string } };
  };
  readonly env: { readonly [variable: string]: string };
  readonly init: { readonly env: { readonly [variable: string]: string } };
  readonly policy?: boolean;
}

/** By variable: the option that sets it, and what it is otherwise; those without are left out. */
const SETTINGS: { readonly [variable: string]: readonly [string, (string | number | boolean)?] } = {
  AWS_VPC_CNI_NODE_PORT_SUPPORT: ['nodePortSupport'],
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: ['cniCustomNetworkCfg', false],
  AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER: ['cniConfigureRpfilter'],
  AWS_VPC_K8S_CNI_EXTERNALSNAT: ['externalSnat', false],
  AWS_VPC_K8S_CNI_LOGLEVEL: ['logLevel', 'DEBUG'],
  AWS_VPC_K8S_CNI_LOG_FILE: ['logFile', '/host/var/log/aws-routed-eni/ipamd.log'],
  AWS_VPC_K8S_CNI_VETHPREFIX: ['vethPrefix', 'eni'],
  AWS_VPC_ENI_MTU: ['eniMtu', 9001],
  AWS_VPC_K8S_PLUGIN_LOG_LEVEL: ['pluginLogLevel', 'DEBUG'],
  AWS_VPC_K8S_PLUGIN_LOG_FILE: ['pluginLogFile', '/var/log/aws-routed-eni/plugin.log'],
  ENABLE_POD_ENI: ['enablePodEni', false],
  ENABLE_PREFIX_DELEGATION: ['enablePrefixDelegation'],
  ENI_CONFIG_LABEL_DEF: ['eniConfigLabelDef'],
  WARM_ENI_TARGET: ['warmEniTarget', 1],
  WARM_IP_TARGET: ['warmIpTarget'],
  WARM_PREFIX_TARGET: ['warmPrefixTarget'],
};
