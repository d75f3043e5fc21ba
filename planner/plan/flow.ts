import { writeMermaid } from './mermaid';
import { capacityOf, channelOf, zonesOfService } from './capacity';
import { ranges } from './endpoints';
import { fields, list, number, parsed, text, type Reader } from './reader';
import type { GraphResource, GraphValue } from '../graph/types';
import type { Flow, FlowEdge, FlowNode } from './types';

const BALANCER = 'aws:lb/loadBalancer:LoadBalancer';
const LISTENER = 'aws:lb/listener:Listener';
const TARGETS = 'aws:lb/targetGroup:TargetGroup';
const SERVICE = 'aws:ecs/service:Service';
const TASK = 'aws:ecs/taskDefinition:TaskDefinition';
const ROLE = 'aws:iam/role:Role';
const BUCKETS = ['aws:s3/bucket:Bucket', 'aws:s3/directoryBucket:DirectoryBucket'];
const DISTRIBUTION = 'aws:cloudfront/distribution:Distribution';
const ACCELERATOR = 'aws:globalaccelerator/accelerator:Accelerator';

/** Where data goes, from those who contribute to those who watch, by the references between the resources. */
export function flowOf(reader: Reader): Flow {
  const flow = new FlowMaker(reader).made();
  return { ...flow, mermaid: writeMermaid(flow) };
}

class FlowMaker {
  readonly #reader: Reader;
  readonly #nodes = new Map<string, FlowNode>();
  readonly #edges = new Map<string, { from: string; to: string; labels: Set<string> }>();
  /** The node of each resource, by URN. */
  readonly #of = new Map<string, string>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  made(): { nodes: FlowNode[]; edges: FlowEdge[] } {
    this.#singles(DISTRIBUTION, 'distribution', () => null);
    this.#singles(ACCELERATOR, 'accelerator', () => null);
    this.#singles(BALANCER, 'balancer', (each) => only(this.#reader.zones(each, 'subnets')));
    for (const type of BUCKETS) {
      this.#singles(type, 'bucket', (each) => text(fields(each.inputs['location'])['name']) ?? null);
    }
    this.#services();
    this.#toBalancers();
    this.#toServices();
    this.#toBuckets();
    this.#toDistributions();
    this.#people();
    // A bucket that no data goes through is not of the flow.
    const used = new Set([...this.#edges.values()].flatMap(({ from, to }) => [from, to]));
    return {
      nodes: [...this.#nodes.values()].filter(({ id, kind }) => kind !== 'bucket' || used.has(id)),
      edges: [...this.#edges.values()].map(({ from, to, labels }) => ({ from, to, label: labelOf(labels) })),
    };
  }

  #node(node: Omit<FlowNode, 'id'>, key: string): string {
    const id = `n${this.#nodes.size + 1}`;
    this.#nodes.set(key, { id, ...node });
    return id;
  }

  #singles(type: string, kind: FlowNode['kind'], zoneOf: (resource: GraphResource) => string | null): void {
    for (const resource of this.#reader.ofType(type)) {
      const path = this.#reader.path(resource);
      const component = this.#componentPath(resource);
      const id = this.#node(
        {
          ...{ label: `${resource.name}\n${NAMES[type] ?? type}`, kind, component },
          zone: zoneOf(resource),
          resources: [path],
        },
        resource.urn,
      );
      this.#of.set(resource.urn, id);
    }
  }

  /** Services of one component in one zone and on one kind of capacity are one node. */
  #services(): void {
    const pools = new Map(
      capacityOf(this.#reader).pools.flatMap((pool) => pool.tasks.map(({ name }) => [name, pool] as const)),
    );
    const groups = new Map<string, { services: GraphResource[]; zone: string | null; on: string }>();
    for (const service of this.#reader.ofType(SERVICE)) {
      const zone = only(zonesOfService(this.#reader, service));
      const channel = channelOf(this.#reader, service);
      const pool = pools.get(channel?.name ?? this.#reader.path(service));
      const on = pool ? pool.instanceTypes.join(', ') : 'Fargate';
      const key = JSON.stringify([this.#reader.component(service)?.urn, zone, on, channel !== undefined]);
      const group = groups.get(key) ?? { services: [], zone, on };
      group.services.push(service);
      groups.set(key, group);
    }
    for (const [key, { services, zone, on }] of groups) {
      const channels = services.map((each) => channelOf(this.#reader, each)?.name);
      const one = services[0]!;
      const what = channels.every((each) => each !== undefined)
        ? `${channels.length} channel${channels.length === 1 ? '' : 's'}`
        : services.length === 1
          ? one.name
          : `${services.length} services`;
      const tasks = services.reduce((sum, each) => sum + (number(each.inputs['desiredCount']) ?? 1), 0);
      const id = this.#node(
        {
          ...{ label: `${what}\n${tasks} task${tasks === 1 ? '' : 's'} on ${on}`, kind: 'service' },
          ...{ component: this.#componentPath(one), zone, resources: this.#reader.paths(services) },
        },
        key,
      );
      for (const service of services) this.#of.set(service.urn, id);
    }
  }

  #toBalancers(): void {
    const reader = this.#reader;
    for (const group of reader.ofType('aws:globalaccelerator/endpointGroup:EndpointGroup')) {
      for (const listener of reader.uses(group, 'aws:globalaccelerator/listener:Listener')) {
        for (const accelerator of reader.uses(listener, ACCELERATOR)) {
          for (const balancer of reader.uses(group, BALANCER))
            this.#edge(accelerator, balancer, portRanges(listener));
        }
      }
    }
  }

  #toServices(): void {
    const reader = this.#reader;
    const rules = [...reader.ofType(LISTENER), ...reader.ofType('aws:lb/listenerRule:ListenerRule')];
    for (const rule of rules) {
      const listeners = rule.type.endsWith(':ListenerRule') ? reader.uses(rule, LISTENER) : [rule];
      const targets = reader.uses(rule, TARGETS);
      for (const listener of listeners) {
        const label =
          `${text(listener.inputs['protocol']) ?? ''} ${number(listener.inputs['port']) ?? ''}`.trim();
        for (const balancer of reader.uses(listener, BALANCER)) {
          for (const service of reader.ofType(SERVICE)) {
            if (!reader.uses(service, TARGETS, 'loadBalancers').some((each) => targets.includes(each)))
              continue;
            // Over HTTP the data is in the answers.
            if (/^HTTPS? /.test(label)) this.#edge(service, balancer, label);
            else this.#edge(balancer, service, label);
          }
        }
      }
    }
  }

  /** The task names its buckets; what its role may do there says which way the data goes. */
  #toBuckets(): void {
    const reader = this.#reader;
    for (const service of reader.ofType(SERVICE)) {
      for (const task of reader.uses(service, TASK)) {
        const policies = policiesOf(reader, task);
        const definitions = text(task.inputs['containerDefinitions']);
        for (const type of BUCKETS) {
          for (const bucket of reader.uses(task, type, 'containerDefinitions')) {
            // A text that is made with several buckets need not name them all.
            const name = text(bucket.outputs['bucket']) ?? bucket.id;
            if (definitions !== undefined && name !== null && !definitions.includes(name)) continue;
            const isWritten = policies.some((policy) => writes(policy, text(bucket.outputs['arn']) ?? ''));
            if (isWritten) this.#edge(service, bucket, 'writes');
            else this.#edge(bucket, service, 'reads');
          }
        }
      }
    }
  }

  #toDistributions(): void {
    const reader = this.#reader;
    for (const distribution of reader.ofType(DISTRIBUTION)) {
      const origins = reader.uses(distribution, 'aws:cloudfront/vpcOrigin:VpcOrigin', 'origins');
      const balancers = [
        ...origins.flatMap((origin) => reader.uses(origin, BALANCER)),
        ...reader.uses(distribution, BALANCER, 'origins'),
      ];
      for (const balancer of new Set(balancers)) {
        this.#edge(balancer, distribution, origins.length > 0 ? 'VPC origin' : 'origin');
      }
      for (const type of BUCKETS) {
        for (const bucket of reader.uses(distribution, type, 'origins'))
          this.#edge(bucket, distribution, 'origin');
      }
    }
  }

  /** Who calls and who watches is outside; a balancer behind an accelerator or a distribution has no callers of its own. */
  #people(): void {
    const entered = [...this.#edges.values()].map(({ to }) => to);
    const left = [...this.#edges.values()].map(({ from }) => from);
    const nodes = [...this.#nodes.values()];
    const doors = nodes.filter(
      ({ id, kind, resources }) =>
        kind === 'accelerator' ||
        (kind === 'balancer' && !entered.includes(id) && left.includes(id) && this.#isPublic(resources[0]!)),
    );
    const distributions = nodes.filter(({ kind }) => kind === 'distribution');
    const person = { kind: 'people', component: null, zone: null, resources: [] } as const;
    if (doors.length > 0) {
      const id = this.#node({ ...person, label: 'contributors' }, 'contributors');
      for (const door of doors) this.#link(id, door.id, 'SRT');
    }
    if (distributions.length > 0) {
      const id = this.#node({ ...person, label: 'viewers' }, 'viewers');
      for (const each of distributions) this.#link(each.id, id, 'HTTPS');
    }
  }

  #isPublic(path: string): boolean {
    return this.#reader
      .ofType(BALANCER)
      .some(
        (each) =>
          this.#reader.path(each) === path &&
          each.inputs['internal'] !== true &&
          each.inputs['loadBalancerType'] === 'network',
      );
  }

  #componentPath(resource: GraphResource): string {
    const component = this.#reader.component(resource);
    return component && component.type !== 'pulumi:pulumi:Stack' ? this.#reader.path(component) : '';
  }

  #edge(from: GraphResource, to: GraphResource, label: string): void {
    const ids = [this.#of.get(from.urn), this.#of.get(to.urn)];
    if (ids[0] !== undefined && ids[1] !== undefined) this.#link(ids[0], ids[1], label);
  }

  #link(from: string, to: string, label: string): void {
    const key = `${from}>${to}`;
    const edge = this.#edges.get(key) ?? { from, to, labels: new Set<string>() };
    edge.labels.add(label);
    this.#edges.set(key, edge);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  [DISTRIBUTION]: 'CloudFront',
  [ACCELERATOR]: 'Global Accelerator',
  [BALANCER]: 'load balancer',
  'aws:s3/bucket:Bucket': 'S3',
  'aws:s3/directoryBucket:DirectoryBucket': 'S3 Express One Zone',
};

const only = (zones: readonly string[]): string | null => (zones.length === 1 ? zones[0]! : null);

function portRanges(listener: GraphResource): string {
  const protocol = text(listener.inputs['protocol']) ?? '';
  const each = list(listener.inputs['portRanges']).map((range) => {
    const { fromPort, toPort } = fields(range);
    return `${number(fromPort) ?? '?'}-${number(toPort) ?? '?'}`;
  });
  return `${protocol} ${each.join(', ')}`.trim();
}

function labelOf(labels: ReadonlySet<string>): string {
  const ports = [...labels].filter((label) => /^[A-Z_]+ \d+$/.test(label));
  const others = [...labels].filter((label) => !ports.includes(label));
  return [...others, ...(ports.length > 0 ? [ranges(ports)] : [])].join(', ');
}

function policiesOf(reader: Reader, task: GraphResource): GraphValue[] {
  const roles = reader.uses(task, ROLE, 'taskRoleArn');
  return reader
    .ofType('aws:iam/rolePolicy:RolePolicy')
    .filter((policy) => reader.uses(policy, ROLE, 'role').some((role) => roles.includes(role)))
    .map((policy) => parsed(policy.inputs['policy']) as GraphValue);
}

/** Whether a policy lets put objects there, in a bucket or by a session in a directory bucket. */
function writes(policy: GraphValue, bucketArn: string): boolean {
  return list(fields(policy)['Statement']).some((each) => {
    const { Effect, Action, Resource, Condition } = fields(each);
    const texts = (value: GraphValue | undefined) =>
      typeof value === 'string' ? [value] : list(value).map(String);
    if (Effect !== 'Allow' || !texts(Resource).some((arn) => arn === '*' || arn.startsWith(bucketArn)))
      return false;
    const actions = texts(Action);
    const mode = JSON.stringify(Condition ?? {});
    return (
      actions.some((action) => /^s3:(\*|Put\*|PutObject)$/.test(action)) ||
      (actions.includes('s3express:CreateSession') && !/"s3express:SessionMode":"ReadOnly"/.test(mode))
    );
  });
}
