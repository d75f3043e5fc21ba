// Follows nodejs/eks/cluster/authenticationMode.ts of pulumi-eks 4.3.0.
import { Traced, at, fieldsOf } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';

const MODES = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'];

/** Whether the ConfigMap and access entries say who may call the API server. */
export function accessModeOf(
  component: Construction,
  auto: boolean,
): { readonly map: boolean; readonly entries: boolean } {
  const { name } = component;
  const mode = component.plain<string>('authenticationMode');
  if (mode !== undefined && !MODES.includes(mode)) {
    throw new Error(`${name}: authenticationMode is ${mode}; it must be one of ${MODES.join(', ')}`);
  }
  const entries = mode === 'API' || mode === 'API_AND_CONFIG_MAP';
  if (auto && !entries) {
    throw new Error(
      `${name}: autoMode works with access entries; give authenticationMode: 'API' or 'API_AND_CONFIG_MAP'`,
    );
  }
  if (!entries && component.has('accessEntries')) {
    throw new Error(`${name}: accessEntries need authenticationMode: 'API' or 'API_AND_CONFIG_MAP'`);
  }
  const ofMap = ['roleMappings', 'userMappings', 'instanceRoles'].filter((each) => {
    const wire = component.given(each)?.wire;
    return wire !== undefined && !(Array.isArray(wire) && wire.length === 0);
  });
  if (mode === 'API' && ofMap.length > 0) {
    throw new Error(
      `${name}: ${ofMap.join(', ')} need the ConfigMap; give authenticationMode: 'API_AND_CONFIG_MAP'`,
    );
  }
  return { map: mode !== 'API', entries };
}

/** Entries with their policies; what is returned is how `core` lists them. */
export async function accessEntriesOf(
  component: Construction,
  cluster: Child,
  nodeRole: Traced | undefined,
): Promise<object[]> {
  const all: [string, { readonly [field: string]: Traced }][] = [
    ...(nodeRole
      ? [['defaultNodeGroupInstanceRole', nodeEntry(nodeRole)] as [string, { [field: string]: Traced }]]
      : []),
    ...Object.entries(fieldsOf(component.given('accessEntries'))).map(
      ([name, entry]) => [name, fieldsOf(entry)] as [string, { [field: string]: Traced }],
    ),
  ];
  const clusterName = cluster.output('name');
  for (const [name, { accessPolicies, username, ...fields }] of all) {
    const entry = await component.child(
      'aws:eks/accessEntry:AccessEntry',
      `${component.name}-${name}`,
      { ...fields, clusterName, userName: username },
      { dependsOn: [cluster] },
    );
    for (const [label, association] of Object.entries(fieldsOf(accessPolicies))) {
      await component.child(
        'aws:eks/accessPolicyAssociation:AccessPolicyAssociation',
        `${component.name}-${name}-${label}`,
        {
          ...{ accessScope: at(association, 'accessScope'), policyArn: at(association, 'policyArn') },
          ...{ principalArn: fields['principalArn'], clusterName },
        },
        { parent: entry, dependsOn: [entry] },
      );
    }
  }
  return all.map(([, fields]) => fields);
}

function nodeEntry(principalArn: Traced): { [field: string]: Traced } {
  return { principalArn, type: new Traced('EC2_LINUX') };
}
