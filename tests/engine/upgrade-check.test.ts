import { iam, s3 } from '@pulumi/aws';
import {
  ComponentResource,
  rootStackResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
} from '@pulumi/pulumi';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { recordComponent } from '../../testing';
import { RealEngine, RunFailed, type EngineStack, type Outcome } from '../../testing/engine';
import { compareGraphs, type ReplacementTable, type UpgradeCheck } from '../../testing/upgrade';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

/** As testing/engine/replace-rules.ts has it. */
const RULES: ReplacementTable = {
  'aws:s3/bucket:Bucket': {
    replaces: ['bucket', 'bucketPrefix', 'objectLockEnabled'],
    updates: ['forceDestroy'],
  },
  'aws:iam/role:Role': {
    replaces: ['name', 'namePrefix', 'path'],
    updates: ['description', 'inlinePolicies'],
  },
  'aws:iam/rolePolicy:RolePolicy': { replaces: ['name', 'namePrefix', 'role'], updates: ['policy'] },
};

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** Makes the resources of one case, whose names all begin with `id`. */
type Build = (id: string) => void;

class Box extends ComponentResource {
  constructor(name: string, build: (box: Box) => void, opts: ComponentResourceOptions = {}, type = 'Box') {
    super(`test:index:${type}`, name, {}, opts);
    build(this);
    this.registerOutputs({});
  }
}

const nothing = (): void => undefined;
const bucket = (name: string, args: s3.BucketArgs = {}, opts: CustomResourceOptions = {}) =>
  new s3.Bucket(name, args, opts);
const role = (name: string, args: Partial<iam.RoleArgs> = {}, opts: CustomResourceOptions = {}) =>
  new iam.Role(name, { assumeRolePolicy: TRUST, ...args }, opts);

/** A box with a bucket that is named after it. */
const boxed =
  (name: string, opts: ComponentResourceOptions = {}, type?: string): Build =>
  (id) =>
    void new Box(`${id}-${name}`, (box) => bucket(`${id}-${name}-bucket`, {}, { parent: box }), opts, type);

/** Two boxes, one in the other, and a bucket in that. */
const nested = (name: string, opts: ComponentResourceOptions = {}): void => {
  const inner = (parent: Box) =>
    void new Box(`${name}-in`, (box) => bucket(`${name}-in-bucket`, {}, { parent: box }), { parent });
  new Box(name, inner, opts);
};

/** A policy that lets a role be assumed. */
const assuming = (arn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn }],
  });

/** A role with a generated name, and a policy that holds its ARN. */
const roleAndPolicy = (id: string, name: string, opts: CustomResourceOptions = {}): void => {
  const owner = role(`${id}-${name}`, {}, opts);
  const policy = owner.arn.apply(assuming);
  new iam.RolePolicy(`${id}-policy`, { role: owner.name, policy });
};

interface Case {
  readonly what: string;
  readonly before: Build;
  readonly after: Build;
  /** Operations but `same` and `read`, by the resource's name without the id. */
  readonly expected: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  {
    what: 'nothing changed',
    before: boxed('one'),
    after: boxed('one'),
    expected: {},
  },
  {
    what: 'a resource renamed without an alias',
    before: (id) => void bucket(`${id}-old`),
    after: (id) => void bucket(`${id}-new`),
    expected: { old: 'delete', new: 'create' },
  },
  {
    what: 'a resource renamed with an alias',
    before: (id) => void bucket(`${id}-old`),
    after: (id) => void bucket(`${id}-new`, {}, { aliases: [{ name: `${id}-old` }] }),
    expected: {},
  },
  {
    what: 'a child renamed with an alias by URN',
    before: boxed('one'),
    after: (id) => {
      const alias = `urn:pulumi:dev::media::test:index:Box$aws:s3/bucket:Bucket::${id}-one-bucket`;
      new Box(`${id}-one`, (box) => bucket(`${id}-other`, {}, { parent: box, aliases: [alias] }));
    },
    expected: {},
  },
  {
    what: 'a resource moved into a component without an alias',
    before: (id) => {
      new Box(`${id}-box`, nothing);
      bucket(`${id}-media`);
    },
    after: (id) => void new Box(`${id}-box`, (box) => bucket(`${id}-media`, {}, { parent: box })),
    expected: { media: 'create delete' },
  },
  {
    what: 'a resource moved into a component with an alias of its parent',
    before: (id) => {
      new Box(`${id}-box`, nothing);
      bucket(`${id}-media`);
    },
    after: (id) => {
      const aliases = [{ parent: rootStackResource }];
      new Box(`${id}-box`, (box) => bucket(`${id}-media`, {}, { parent: box, aliases }));
    },
    expected: {},
  },
  {
    what: 'a child moved out of a component with an alias of its parent, which is of another type now',
    before: boxed('box'),
    after: (id) => {
      const box = new Box(`${id}-box`, nothing, { aliases: [{ type: 'test:index:Box' }] }, 'Crate');
      bucket(`${id}-media`, {}, { aliases: [{ name: `${id}-box-bucket`, parent: box }] });
    },
    expected: {},
  },
  {
    what: 'a component of another type without an alias',
    before: boxed('one'),
    after: boxed('one', {}, 'Crate'),
    expected: { one: 'create delete', 'one-bucket': 'create delete' },
  },
  {
    what: 'a component of another type with an alias, and a child that inherits it',
    before: boxed('one'),
    after: boxed('one', { aliases: [{ type: 'test:index:Box' }] }, 'Crate'),
    expected: {},
  },
  {
    what: 'a component of another name with an alias, and a child whose name begins with it',
    before: boxed('one'),
    after: (id) => boxed('two', { aliases: [{ name: `${id}-one` }] })(id),
    expected: {},
  },
  {
    what: 'a component with an alias, and a child that is renamed besides with one of its own',
    before: boxed('one'),
    after: (id) => {
      const aliases = [{ name: `${id}-two-bucket` }];
      new Box(`${id}-two`, (box) => bucket(`${id}-two-media`, {}, { parent: box, aliases }), {
        aliases: [{ name: `${id}-one` }],
      });
    },
    expected: {},
  },
  {
    what: 'components in components whose outermost is renamed with an alias',
    before: (id) => nested(`${id}-a`),
    after: (id) => nested(`${id}-b`, { aliases: [{ name: `${id}-a` }] }),
    expected: {},
  },
  {
    what: 'a component with an alias, and a child that is renamed without one',
    before: (id) => void new Box(`${id}-one`, (box) => bucket(`${id}-media`, {}, { parent: box })),
    after: (id) => {
      const aliases = [{ name: `${id}-one` }];
      new Box(`${id}-two`, (box) => bucket(`${id}-store`, {}, { parent: box }), { aliases });
    },
    expected: { media: 'delete', store: 'create' },
  },
  {
    what: 'inputs changed in place',
    before: (id) => void bucket(`${id}-media`),
    after: (id) => void bucket(`${id}-media`, { tags: { team: 'video' }, forceDestroy: true }),
    expected: { media: 'update' },
  },
  {
    what: 'an input changed that replaces, and what refers to it',
    before: (id) => {
      const { name } = role(`${id}-role`, { name: 'one' });
      new iam.RolePolicy(`${id}-policy`, { role: name, policy: assuming('*') });
    },
    after: (id) => {
      const { name } = role(`${id}-role`, { name: 'two' });
      new iam.RolePolicy(`${id}-policy`, { role: name, policy: assuming('*') });
    },
    expected: { role: 'replace', policy: 'replace' },
  },
  {
    what: 'a role renamed with an alias, and what refers to its generated name',
    before: (id) => roleAndPolicy(id, 'old'),
    after: (id) => roleAndPolicy(id, 'new', { aliases: [{ name: `${id}-old` }] }),
    expected: {},
  },
  {
    what: 'a change that is ignored',
    before: (id) => void bucket(`${id}-media`, { tags: { a: '1', b: '1' } }),
    after: (id) => void bucket(`${id}-media`, { tags: { a: '2', b: '1' } }, { ignoreChanges: ['tags.a'] }),
    expected: {},
  },
  {
    what: 'a change that replaces by the option replaceOnChanges',
    before: (id) => void bucket(`${id}-media`, { tags: { a: '1' } }),
    after: (id) => void bucket(`${id}-media`, { tags: { a: '2' } }, { replaceOnChanges: ['tags'] }),
    expected: { media: 'replace' },
  },
  {
    what: 'a resource removed',
    before: (id) => void bucket(`${id}-media`),
    after: nothing,
    expected: { media: 'delete' },
  },
  {
    what: 'a resource replaced that is protected no longer',
    before: (id) => void bucket(`${id}-media`, { bucket: 'first' }, { protect: true }),
    after: (id) => void bucket(`${id}-media`, { bucket: 'second' }),
    expected: { media: 'replace' },
  },
  {
    what: 'a resource removed that stays in AWS',
    before: (id) => void bucket(`${id}-media`, {}, { retainOnDelete: true }),
    after: nothing,
    expected: { media: 'delete' },
  },
  {
    what: 'a resource that is only read from now on, another one',
    before: (id) => void bucket(`${id}-media`, { bucket: 'ours' }),
    after: (id) => void s3.Bucket.get(`${id}-media`, 'theirs'),
    expected: { media: 'read-replace' },
  },
  {
    what: 'a resource that is only read from now on, the same one',
    before: (id) => void bucket(`${id}-media`, { bucket: 'shared' }),
    after: (id) => void s3.Bucket.get(`${id}-media`, 'shared'),
    expected: {},
  },
  {
    what: 'a resource that was read and is made from now on',
    before: (id) => void s3.Bucket.get(`${id}-media`, 'lent'),
    after: (id) => void bucket(`${id}-media`, { bucket: 'owned' }),
    expected: { media: 'replace' },
  },
];

/** Each alone, as the engine stops. */
const REFUSED: readonly Omit<Case, 'expected'>[] = [
  {
    what: 'a protected resource removed',
    before: (id) => void bucket(`${id}-media`, {}, { protect: true }),
    after: nothing,
  },
  {
    what: 'a protected resource renamed without an alias',
    before: (id) => void bucket(`${id}-old`, {}, { protect: true }),
    after: (id) => void bucket(`${id}-new`, {}, { protect: true }),
  },
  {
    what: 'a protected resource replaced',
    before: (id) => void bucket(`${id}-media`, { bucket: 'one' }, { protect: true }),
    after: (id) => void bucket(`${id}-media`, { bucket: 'two' }, { protect: true }),
  },
  {
    what: 'two resources that claim to have been one',
    before: (id) => void bucket(`${id}-old`),
    after: (id) => {
      for (const name of ['one', 'two']) bucket(`${id}-${name}`, {}, { aliases: [{ name: `${id}-old` }] });
    },
  },
  {
    what: 'a resource that claims to have been one that is still there',
    before: (id) => void bucket(`${id}-old`),
    after: (id) => {
      const there = bucket(`${id}-old`);
      bucket(`${id}-new`, {}, { aliases: [{ name: `${id}-old` }], dependsOn: there });
    },
  },
];

type Operations = Record<string, readonly string[]>;

/** By URN, in the words of the check; default providers are no resources of a graph. */
function ofEngine({ steps }: Outcome): Operations {
  const words: Readonly<Record<string, string | undefined>> = {
    ...{ create: 'create', delete: 'delete', update: 'update', replace: 'replace' },
    'read-replacement': 'read-replace',
  };
  const found: Record<string, string[]> = {};
  for (const { op, urn, type } of steps) {
    const word = words[op];
    if (word !== undefined && !type.startsWith('pulumi:providers:')) (found[urn] ??= []).push(word);
  }
  // Of a read that replaces, the engine also says replace.
  return Object.fromEntries(
    Object.entries(found).map(([urn, list]) => [
      urn,
      list.includes('read-replace') ? ['read-replace'] : list.sort(),
    ]),
  );
}

function ofCheck({ steps }: UpgradeCheck): Operations {
  const found: Record<string, string[]> = {};
  for (const { operation, urn } of steps) {
    if (operation !== 'same' && operation !== 'read') (found[urn] ??= []).push(operation);
  }
  return found;
}

/** Those of one case. */
const ofCase = (operations: Operations, id: string): Operations =>
  Object.fromEntries(Object.entries(operations).filter(([urn]) => urn.includes(`::${id}-`)));

/** Of one name there may be several URNs. */
function byName(operations: Operations, id: string): Record<string, string> {
  const found: Record<string, string[]> = {};
  for (const [urn, list] of Object.entries(operations)) {
    const name = urn.slice(urn.lastIndexOf('::') + 2 + id.length + 1);
    (found[name] ??= []).push(...list);
  }
  return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.sort().join(' ')]));
}

const idOf = (n: number): string => `case${n}`;
const AT = { project: 'media', stack: 'dev', config: { 'aws:region': 'eu-west-1' } };

async function checkOf(before: PulumiFn, after: PulumiFn): Promise<UpgradeCheck> {
  return compareGraphs(await recordComponent(before, AT), await recordComponent(after, AT), {
    replaces: RULES,
  });
}

describe('the upgrade check and the real engine agree', function () {
  this.timeout(60_000);
  let engine: RealEngine;
  let check: UpgradeCheck;
  let outcome: Outcome;

  before(async function () {
    const pulumi = requireEngine(this);
    // All in one stack: each run of the engine takes about a second.
    const all = (version: 'before' | 'after') => async () => {
      for (const [n, each] of CASES.entries()) each[version](idOf(n));
    };
    check = await checkOf(all('before'), all('after'));
    engine = await RealEngine.start({ pulumi });
    const stack = await engine.stack('dev', all('before'), AT);
    await stack.up();
    outcome = await stack.preview({ program: all('after') });
  });

  after(() => engine?.stop());

  for (const [n, { what, expected }] of CASES.entries()) {
    it(`on ${what}`, () => {
      const id = idOf(n);
      expect(ofCase(ofCheck(check), id)).to.deep.equal(ofCase(ofEngine(outcome), id));
      expect(byName(ofCase(ofCheck(check), id), id)).to.deep.equal(expected);
    });
  }

  it('and nothing that the check was told about was left open', () => {
    expect(check.mayReplace).to.deep.equal([]);
    expect(isRefused(check)).to.equal(false);
  });

  describe('which both refuse', () => {
    /** All as before, but one. */
    const changed = (changing?: number) => async () => {
      for (const [n, { before, after }] of REFUSED.entries()) (n === changing ? after : before)(idOf(n));
    };
    let stack: EngineStack;

    before(async () => {
      stack = await engine.stack('dev', changed(), { ...AT, project: 'refused' });
      await stack.up();
    });

    for (const [n, { what }] of REFUSED.entries()) {
      it(`on ${what}`, async () => {
        expect(isRefused(await checkOf(changed(), changed(n)))).to.equal(true);
        expect(await rejection(stack.preview({ program: changed(n) }))).to.be.instanceOf(RunFailed);
      });
    }
  });
});

const isRefused = ({ renamed, deleted, replaces, conflicts }: UpgradeCheck): boolean =>
  conflicts.length > 0 ||
  [...renamed, ...deleted, ...replaces].some(({ severity }) => severity === 'blocked');
