// Follows awsx/lb/applicationLoadBalancer.ts and networkLoadBalancer.ts of pulumi-awsx 3.9.0 (follows.ts has the
// revision).
import { defaultVpcOf, vpcOfSubnets } from './default-vpc';
import { AWSX, NEVER } from './follows';
import { at, derived, fieldsOf, items, traced } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';
import type { Traced } from '../construct/traced';
import type { ComponentDouble, Outputs } from '../construct/types';

export const APPLICATION_LOAD_BALANCER: ComponentDouble = {
  type: 'awsx:lb:ApplicationLoadBalancer',
  follows: AWSX,
  source: 'awsx/lb/applicationLoadBalancer.ts',
  leavesOut: [...NEVER],
  make: makeApplication,
};

export const NETWORK_LOAD_BALANCER: ComponentDouble = {
  type: 'awsx:lb:NetworkLoadBalancer',
  follows: AWSX,
  source: 'awsx/lb/networkLoadBalancer.ts',
  leavesOut: [...NEVER],
  make: makeNetwork,
};

/** What is not an argument of aws.lb.LoadBalancer. */
const OWN = [
  ...['subnetIds', 'subnets', 'defaultTargetGroup', 'defaultTargetGroupPort', 'defaultSecurityGroup'],
  ...['listener', 'listeners'],
];

/** The rules of security groups that upstream makes by default: in from anywhere, and out over TCP. */
export const OPEN = {
  ingress: [{ fromPort: 0, toPort: 0, protocol: '-1', cidrBlocks: ['0.0.0.0/0'], ipv6CidrBlocks: ['::/0'] }],
  egress: [
    { fromPort: 0, toPort: 65535, protocol: 'tcp', cidrBlocks: ['0.0.0.0/0'], ipv6CidrBlocks: ['::/0'] },
  ],
} as const;

type Values = { readonly [name: string]: unknown };

async function makeApplication(component: Construction): Promise<Outputs> {
  const { name } = component;
  const place = await placed(component);
  let group: Child | undefined;
  let securityGroups: unknown = component.given('securityGroups');
  const own = component.given('defaultSecurityGroup');
  const given = (field: string) => (own && at(own, field).isGiven ? at(own, field) : undefined);
  if (!securityGroups && given('skip')?.wire !== true) {
    if (given('args') && given('securityGroupId')) {
      throw new Error(`${name}: defaultSecurityGroup has args and a securityGroupId; give one of them`);
    }
    if (!given('securityGroupId')) {
      group = await component.child(
        'aws:ec2/securityGroup:SecurityGroup',
        name,
        given('args') ? fieldsOf(given('args')) : { vpcId: place.vpcId, ...OPEN },
      );
    }
    securityGroups = [given('securityGroupId') ?? group?.id];
  }
  const listener = component.given('listener');
  const listeners = items(component.given('listeners'));
  // As upstream has it: exactly one in `listeners` says nothing of the target group, the first of several does.
  const first = listeners ? listeners[0] : listener;
  const protocol =
    listeners?.length === 1 ? {} : protocolOf(first, component.given('defaultTargetGroupPort'));
  return {
    ...(await balancer(component, place, {
      balancer: { loadBalancerType: 'application', securityGroups },
      targetGroup: { targetType: 'ip', ...protocol },
      listener: (each) => (each && listeners ? protocolOf(each, undefined) : protocol),
    })),
    defaultSecurityGroup: group?.reference,
  };
}

async function makeNetwork(component: Construction): Promise<Outputs> {
  const place = await placed(component);
  return balancer(component, place, {
    balancer: { loadBalancerType: 'network', enableHttp2: false, idleTimeout: 0 },
    targetGroup: { protocol: 'TCP', port: component.given('defaultTargetGroupPort') ?? 80 },
    listener: () => ({ protocol: 'TCP', port: 80 }),
  });
}

interface Place {
  readonly vpcId: Traced;
  readonly subnets: Traced | undefined;
}

async function placed(component: Construction): Promise<Place> {
  const ways = ['subnets', 'subnetIds', 'subnetMappings'].filter((way) => component.has(way));
  if (ways.length > 1)
    throw new Error(`${component.name}: ${ways.join(' and ')} are given; give one of them`);
  if (component.has('listener') && component.has('listeners')) {
    throw new Error(`${component.name}: listener and listeners are given; give one of them`);
  }
  if (component.has('defaultTargetGroup') && component.has('defaultTargetGroupPort')) {
    throw new Error(
      `${component.name}: defaultTargetGroup and defaultTargetGroupPort are given; give one of them`,
    );
  }
  const resources = items(component.given('subnets'));
  const [firstResource] = resources ?? [];
  if (resources && firstResource) {
    const found = await Promise.all(resources.map(async (each) => component.resolved(each)));
    return {
      vpcId: at(await component.resolved(firstResource), 'vpcId'),
      subnets: traced(found.map((each) => at(each, 'id'))),
    };
  }
  const ids = component.given('subnetIds');
  if (ids) return { vpcId: await vpcOfSubnets(component, ids), subnets: ids };
  const mappings = component.given('subnetMappings');
  if (mappings) {
    const of = traced([at(mappings, 0, 'subnetId')]);
    return { vpcId: await vpcOfSubnets(component, of), subnets: undefined };
  }
  const standard = await defaultVpcOf(component);
  return { vpcId: standard.vpcId, subnets: standard.publicSubnetIds };
}

async function balancer(
  component: Construction,
  { vpcId, subnets }: Place,
  defaults: {
    readonly balancer: Values;
    readonly targetGroup: Values;
    readonly listener: (listener: Traced | undefined) => Values;
  },
): Promise<Outputs> {
  const { name } = component;
  const loadBalancer = await component.child('aws:lb/loadBalancer:LoadBalancer', name, {
    ...component.allBut(OWN),
    subnets: component.has('subnetMappings') ? undefined : subnets,
    ...defaults.balancer,
  });
  const targetGroup = await component.child('aws:lb/targetGroup:TargetGroup', name, {
    ...{ vpcId, ...defaults.targetGroup },
    ...fieldsOf(component.given('defaultTargetGroup')),
  });
  const defaultActions = [{ type: 'forward', targetGroupArn: targetGroup.output('arn') }];
  const asked = items(component.given('listeners')) ?? [component.given('listener')];
  const listeners: Child[] = [];
  for (const [n, each] of asked.entries()) {
    listeners.push(
      await component.child('aws:lb/listener:Listener', `${name}-${n}`, {
        ...{ defaultActions, ...defaults.listener(each), ...fieldsOf(each) },
        loadBalancerArn: loadBalancer.output('arn'),
      }),
    );
  }
  return {
    ...{ vpcId, loadBalancer: loadBalancer.reference, defaultTargetGroup: targetGroup.reference },
    listeners: listeners.map(({ reference }) => reference),
  };
}

/** Either says the other: 443 is HTTPS, and all else HTTP on 80. */
function protocolOf(listener: Traced | undefined, defaultPort: Traced | undefined): Values {
  const [port, protocol] = ['port', 'protocol'].map((field) => listener && at(listener, field));
  if (port?.isGiven) {
    if (protocol?.isGiven) return { port, protocol };
    return { port, protocol: derived(port, (number: number) => (number === 443 ? 'HTTPS' : 'HTTP')) };
  }
  if (protocol?.isGiven) {
    return { protocol, port: derived(protocol, (text: string) => (text === 'HTTPS' ? 443 : 80)) };
  }
  return { port: defaultPort ?? 80, protocol: 'HTTP' };
}
