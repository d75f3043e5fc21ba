import { grouped } from '../plan/reader';
import type {
  Endpoint,
  EndpointKind,
  LeftKind,
  Plan,
  PlannedComponent,
  Pool,
  Prerequisite,
  Quota,
} from '../plan/types';

/** What a plan says to people, before it is laid out: as plain text for a terminal, or as Markdown. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** Columns of numbers. */
      readonly right: readonly number[];
    };

export interface SectionOptions {
  /** Everything one by one, in place of the first few and counts. */
  readonly all: boolean;
}

/** Where a line is not broken. */
const HARD_SPACE = '\u00a0';
/** How many of a kind are shown one by one where not all are asked for. */
const FEW = 3;
/** A quota of which less is taken is only counted. */
const WORTH_SHOWING = 0.25;

const paragraph = (text: string): Block => ({ kind: 'text', text });
const bullets = (items: readonly string[]): Block[] => (items.length === 0 ? [] : [{ kind: 'list', items }]);
const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): Block[] => (rows.length === 0 ? [] : [{ kind: 'table', head, rows, right }]);

/** Of each part of a plan, in the order in which somebody needs it. */
export function sectionsOf(plan: Plan, options: SectionOptions): Section[] {
  const all = [
    resources(plan, options),
    endpoints(plan, options),
    capacity(plan, options),
    permissions(plan, options),
    quotas(plan, options),
    roles(plan),
    first(plan, options),
    slow(plan, options),
    destroy(plan, options),
    notKnown(plan),
  ];
  return all.filter(({ blocks }) => blocks.length > 0);
}

export function summaryLine({ project, stack, regions, totals }: Plan): string {
  const counts = [
    plural(totals.resources, 'resource'),
    ...(totals.components > 0 ? [plural(totals.components, 'component')] : []),
    ...(totals.reads > 0
      ? [`${plural(totals.reads, 'resource')} that ${totals.reads === 1 ? 'is' : 'are'} only read`]
      : []),
  ];
  return `${project}, stack ${stack}, ${regions.join(', ') || 'no region'}: ${counts.join(', ')}.`;
}

function resources({ components, totals }: Plan, { all }: SectionOptions): Section {
  const shown = components.filter(({ resources: own, path }) => own.length > 0 || path !== '');
  const rows = shown.map((component) => [
    `${'  '.repeat(depth(component, components))}${component.path.split('/').at(-1) || '(the stack)'}`,
    component.path === '' ? '' : className(component.type),
    `${component.resources.length}`,
    Object.entries(component.counts)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .map(([type, count]) => `${count}${HARD_SPACE}${className(type)}`)
      .join(', '),
  ]);
  const list = all
    ? shown.flatMap(({ resources: own }) =>
        own.map(({ path, type, external }) => `${path} (${type}${external ? ', only read' : ''})`),
      )
    : [];
  const others = Object.entries(totals.otherProviders).map(([name, count]) => `${count} of ${name}`);
  const modelled = Object.values(totals.notModelled).reduce((sum, count) => sum + count, 0);
  return {
    title: 'Resources',
    blocks: [
      ...table(['component', 'class', 'has', 'of type'], rows, [2]),
      ...bullets(list),
      ...(others.length > 0
        ? [
            paragraph(
              `Other providers than AWS: ${others.join(', ')}. They are counted, and nothing below is said of them.`,
            ),
          ]
        : []),
      ...(modelled > 0
        ? [
            paragraph(
              `${plural(modelled, 'resource')} of ${plural(Object.keys(totals.notModelled).length, 'type')} without a double of their own: what AWS decides of them is made up (--json has the types).`,
            ),
          ]
        : []),
    ],
  };
}

const KINDS: Readonly<Record<EndpointKind, string>> = {
  ...{ watch: 'watch', contribute: 'contribute', distribution: 'distribution', accelerator: 'accelerator' },
  ...{ balancer: 'load balancer', dashboard: 'dashboard', other: 'other' },
};

function endpoints(plan: Plan, { all }: SectionOptions): Section {
  const rows = [...grouped(plan.endpoints, ({ kind }) => kind)].flatMap(([, of]) => {
    const shown = all || of.length <= FEW + 1 ? of : of.slice(0, FEW);
    const more = of.length - shown.length;
    return [...shown.map(endpointRow), ...(more > 0 ? [['', `and ${more} more`, '--all lists them']] : [])];
  });
  const open = plan.endpoints.some(({ known }) => !known);
  return {
    title: 'Endpoints',
    blocks: [
      ...table(['for', 'name', 'address'], rows),
      ...(open
        ? [paragraph('What is in <angle brackets> AWS decides: it is known once it is deployed.')]
        : []),
    ],
  };
}

const endpointRow = ({ kind, name, address }: Endpoint): string[] => [KINDS[kind], name, address];

function capacity({ capacity: { pools, fargate } }: Plan, { all }: SectionOptions): Section {
  const used = pools.filter(({ tasks }) => all || tasks.length > 0);
  const idle = pools.length - used.length;
  const rows = used.map((pool) => {
    const tasks = pool.tasks.reduce((sum, { count }) => sum + count, 0);
    const vcpus = pool.instances === null || pool.vcpus === null ? '?' : `${pool.instances * pool.vcpus}`;
    return [
      ...[pool.zones.join(', ') || '?', pool.instanceTypes.join(', ') || '?', pool.purchase, `${tasks}`],
      ...[`${pool.instances ?? '?'}`, vcpus, limit(pool)],
    ];
  });
  return {
    title: 'Capacity',
    blocks: [
      ...table(['zone', 'instances', 'bought', 'tasks', 'count', 'vCPUs', 'limit'], rows, [3, 4, 5]),
      ...(idle > 0
        ? [
            paragraph(
              `${plural(idle, 'group')} of instances that no service asks for at first: ${pools
                .filter((each) => !used.includes(each))
                .map(({ group }) => group)
                .join(', ')}.`,
            ),
          ]
        : []),
      ...table(
        ['Fargate service', 'zone', 'tasks', 'at most', 'vCPUs each', 'MiB each'],
        fargate.map(({ path, zones, desired, most, vcpus, memoryMiB }) => [
          ...[path, zones.join(', ') || '?', `${desired}`, `${most}`, `${vcpus}`, `${memoryMiB}`],
        ]),
        [2, 3, 4, 5],
      ),
    ],
  };
}

/** By the capacity model's own names. */
const LIMITS: Readonly<Record<string, string>> = {
  ...{ nvenc: 'NVENC', nvdec: 'NVDEC', gpuMemory: 'GPU memory', vcpu: 'vCPUs', memory: 'memory' },
  ...{ network: 'network', eni: 'interfaces' },
};

/** Of the tasks that have one; those that differ are all named. */
function limit({ tasks }: Pool): string {
  const texts = tasks.map(
    ({ limit: each }) =>
      each &&
      `${each.perInstance} an instance: ${Math.round(each.share * 100)} % of ${LIMITS[each.resource] ?? each.resource} each`,
  );
  return [...new Set(texts.filter((each) => each !== null))].join('; ');
}

function permissions({ needs }: Plan, { all }: SectionOptions): Section {
  const { permissions: found, passedRoles } = needs;
  if (found.types.length === 0) return { title: 'IAM actions', blocks: [] };
  const services = [...grouped(found.actions, (action) => action.split(':')[0]!)];
  const list = services.map(([service, actions]) =>
    all
      ? `${service} (${actions.length}): ${actions.map((action) => action.slice(service.length + 1)).join(', ')}`
      : `${service} ${actions.length}`,
  );
  const passed = [
    ...grouped(passedRoles, ({ services: to }) => to.join(', ') || 'a role of somebody else'),
  ].map(
    ([to, of]) =>
      `${to}: ${of.length > FEW && !all ? `${of.length} roles` : of.map(({ role }) => role).join(', ')}`,
  );
  return {
    title: 'IAM actions',
    blocks: [
      paragraph(
        `At most ${found.actions.length} actions, to make, read, change and delete these types, with all that any of their properties can need; --json has them by type and phase.`,
      ),
      ...(all ? bullets(list) : [paragraph(`${list.join(', ')}.`)]),
      ...(passed.length > 0
        ? [paragraph('Among them iam:PassRole, of these roles to:'), ...bullets(passed)]
        : []),
      ...(found.notKnown.length > 0
        ? [paragraph('Not known: nobody publishes what these take:'), ...bullets(found.notKnown)]
        : []),
      ...found.sources.map(({ name, date }) => paragraph(`Source: ${name}, of ${date}.`)),
    ],
  };
}

function quotas({ needs }: Plan, { all }: SectionOptions): Section {
  const raise = needs.quotas.filter(({ verdict }) => verdict === 'raise');
  const shown = needs.quotas.filter(
    (each) => all || each.verdict === 'raise' || each.needed >= each.default * WORTH_SHOWING,
  );
  const hidden = needs.quotas.length - shown.length;
  return {
    title: 'Quotas',
    blocks: [
      ...table(
        ['quota', 'needs', 'default', ''],
        shown.map((each) => [
          quotaName(each),
          `${each.needed}`,
          `${each.default}`,
          each.verdict === 'raise' ? 'RAISE IT' : 'ok',
        ]),
        [1, 2],
      ),
      ...(hidden > 0 ? [paragraph(`${hidden} more, of which less than a quarter is taken (--all).`)] : []),
      ...(raise.length > 0 ? [paragraph('Where they are raised, which takes hours to days:')] : []),
      ...bullets(raise.map(({ where }) => where)),
      ...(needs.quotas.length > 0
        ? [
            paragraph(
              'The defaults are of a new account, and other stacks of the account are not counted. Instances as if all tasks ran at once, Fargate at the most that scaling allows. Each default has its source in --json.',
            ),
          ]
        : []),
    ],
  };
}

const quotaName = ({ service, name, of }: Quota): string =>
  `${service}: ${name}${of === null ? '' : ` (${of})`}`;

function roles({ needs }: Plan): Section {
  return {
    title: 'Service-linked roles',
    blocks: [
      ...table(
        ['role', 'of'],
        needs.serviceLinkedRoles.map(({ role, service }) => [role, service]),
      ),
      ...(needs.serviceLinkedRoles.length > 0
        ? [
            paragraph(
              'AWS makes each at its first use, where the deploying user may call iam:CreateServiceLinkedRole; else by hand: aws iam create-service-linked-role --aws-service-name <of>.',
            ),
          ]
        : []),
    ],
  };
}

function first({ needs }: Plan, options: SectionOptions): Section {
  const lines = (of: readonly Prerequisite[]) =>
    of.map(({ what, for: paths }) => `${what} ${forWhom(paths, options)}`);
  return {
    title: 'Before and after',
    blocks: [
      ...(needs.before.length > 0
        ? [paragraph('Must be there first:'), ...bullets(lines(needs.before))]
        : []),
      ...(needs.after.length > 0 ? [paragraph('Once it is deployed:'), ...bullets(lines(needs.after))] : []),
    ],
  };
}

function forWhom(paths: readonly string[], { all }: SectionOptions): string {
  if (all || paths.length <= FEW) return `(${paths.join(', ')})`;
  return `(${paths.slice(0, FEW - 1).join(', ')} and ${paths.length - FEW + 1} more)`;
}

function slow({ needs }: Plan, options: SectionOptions): Section {
  return {
    title: 'What takes long',
    blocks: table(
      ['takes', 'what'],
      needs.slow.map(({ what, takes, for: paths }) => [takes, `${what} ${forWhom(paths, options)}`]),
    ),
  };
}

const LEFT: Readonly<Record<LeftKind, string>> = {
  ...{ stays: 'stays', refuses: 'refuses', content: 'if not empty', delayed: 'delayed' },
  'kept-for-ever': 'never expires',
};

function destroy(plan: Plan, options: SectionOptions): Section {
  return {
    title: 'What destroy leaves',
    blocks: [
      ...table(
        ['', 'what', 'then'],
        plan.destroy.map(({ kind, what, todo, resources: of }) => [
          LEFT[kind],
          `${what} ${forWhom(of, options)}`,
          todo,
        ]),
      ),
      ...(plan.destroy.length > 0 ? [paragraph("Log groups of AWS's own making stay in any case.")] : []),
    ],
  };
}

function notKnown(plan: Plan): Section {
  return {
    title: 'Not known',
    blocks: bullets(plan.notKnown.map(({ what, remedy }) => `${what}: ${remedy}`)),
  };
}

function depth({ parent }: PlannedComponent, components: readonly PlannedComponent[]): number {
  const above = components.find(({ urn }) => urn === parent);
  return above === undefined || above.path === '' ? 0 : 1 + depth(above, components);
}

const className = (type: string): string => type.split(':').at(-1)!;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
