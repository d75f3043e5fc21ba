import * as lambda from '@pulumi/aws/lambda';
import { Provider } from '@pulumi/aws/provider';
import * as s3 from '@pulumi/aws/s3';
import * as ssm from '@pulumi/aws/ssm';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { recordComponent } from '../../../testing';
import {
  assertUpgrade,
  compareGraphs,
  type CompareOptions,
  type ReplacementTable,
  type UpgradeCheck,
} from '../../../testing/upgrade';

async function check(
  before: () => unknown,
  after: () => unknown,
  options?: CompareOptions,
): Promise<UpgradeCheck> {
  return compareGraphs(
    await recordComponent(() => void before()),
    await recordComponent(() => void after()),
    // What is judged is another test's; here every change is open unless the test says so.
    { replaces: {}, ...options },
  );
}

const bucket = (name: string, args: s3.BucketArgs = {}, opts: pulumi.CustomResourceOptions = {}) =>
  new s3.Bucket(name, args, opts);
const URN = 'urn:pulumi:stack::project::aws:s3/bucket:Bucket';

describe('the upgrade check', () => {
  it('says what is lost, what the engine refuses, what stays and what holds nothing', async () => {
    const severities = async (
      options: pulumi.CustomResourceOptions,
      type: 'bucket' | 'policy' = 'bucket',
    ) => {
      const { deleted } = await check(
        () =>
          type === 'bucket'
            ? bucket('gone', {}, options)
            : new s3.BucketPolicy('gone', { bucket: 'b', policy: '{}' }, options),
        () => undefined,
      );
      return deleted.map(({ severity, message }) => [severity, message.replace(/^.*::gone /, '')]);
    };
    expect(await severities({})).to.deep.equal([['loss', 'is deleted; its data are lost']]);
    expect(await severities({ protect: true, retainOnDelete: true })).to.deep.equal([
      ['blocked', 'is deleted; it is protected, so the engine refuses the whole update'],
    ]);
    expect(await severities({ retainOnDelete: true })).to.deep.equal([
      ['kept', 'is deleted; it stays in AWS and leaves the stack (retainOnDelete)'],
    ]);
    expect(await severities({}, 'policy')).to.deep.equal([['change', 'is deleted']]);
  });

  it('takes further types for stateful where it is told', async () => {
    const policy = () => new s3.BucketPolicy('gone', { bucket: 'b', policy: '{}' });
    const stateful = ['aws:s3/bucketPolicy:BucketPolicy'];
    const { deleted } = await check(policy, () => undefined, { stateful });
    expect(deleted.map(({ severity }) => severity)).to.deep.equal(['loss']);
  });

  it('asks of options of the old version whether something is lost: those of the new one come too late', async () => {
    const { replaces } = await check(
      () => bucket('b', { bucket: 'one' }),
      () => bucket('b', { bucket: 'two' }, { retainOnDelete: true, protect: true }),
      { replaces: { 'aws:s3/bucket:Bucket': { replaces: ['bucket'], updates: [] } } },
    );
    expect(replaces.map(({ severity }) => severity)).to.deep.equal(['loss']);
  });

  it('is refused for a replacement only where both versions are protected', async () => {
    const severity = async (before: boolean, after: boolean) => {
      const { replaces } = await check(
        () => bucket('b', { bucket: 'one' }, { protect: before }),
        () => bucket('b', { bucket: 'two' }, { protect: after }),
        { replaces: { 'aws:s3/bucket:Bucket': { replaces: ['bucket'], updates: [] } } },
      );
      return replaces[0]?.severity;
    };
    expect(await severity(true, true)).to.equal('blocked');
    expect(await severity(true, false)).to.equal('loss');
    expect(await severity(false, true)).to.equal('loss');
  });

  it('leaves out what ignoreChanges names, and what lies below it', async () => {
    const { mayReplace, updates } = await check(
      () => bucket('b', { policy: 'a', tags: { a: '1', b: '1' } }),
      () => bucket('b', { policy: 'b', tags: { a: '2', b: '2' } }, { ignoreChanges: ['policy', 'tags.a'] }),
    );
    expect(mayReplace).to.deep.equal([]);
    expect(updates.map(({ changes }) => changes.map(({ path }) => path))).to.deep.equal([['tags.b']]);
  });

  it('follows aliases through parents that have aliases themselves', async () => {
    class Box extends pulumi.ComponentResource {
      constructor(name: string, opts: pulumi.ComponentResourceOptions = {}, type = 'Box') {
        super(`test:index:${type}`, name, {}, opts);
      }
    }
    const operations = async (before: () => unknown, after: () => unknown) =>
      (await check(before, after)).steps.map(({ operation }) => operation);
    const one = () => bucket('one-a', {}, { parent: new Box('one') });
    // Both the parent's name and the child's own have changed.
    const renamedTwice = () => {
      const parent = new Box('two', { aliases: [{ name: 'one' }] });
      bucket('two-b', {}, { parent, aliases: [{ name: 'two-a' }] });
    };
    expect(await operations(one, renamedTwice)).to.deep.equal(['same', 'same', 'same']);
    // Out of a parent whose type has changed: a name of a parent is no part of a URN.
    const movedOut = () => {
      const parent = new Box('one', { aliases: [{ type: 'test:index:Box' }] }, 'Crate');
      bucket('a', {}, { aliases: [{ name: 'one-a', parent }] });
    };
    expect(await operations(one, movedOut)).to.deep.equal(['same', 'same', 'same']);
  });

  describe('with a table of replacements', () => {
    const table: ReplacementTable = {
      'aws:s3/bucket:Bucket': {
        replaces: ['bucket', 'lifecycleRules[*].id', 'website.indexDocument'],
        updates: ['forceDestroy', 'lifecycleRules', 'website'],
      },
    };
    const args: s3.BucketArgs = {
      bucket: 'one',
      website: { indexDocument: 'a', errorDocument: 'b' },
      lifecycleRules: [{ id: 'x', enabled: true }],
    };
    const paths = async (changed: s3.BucketArgs, options: CompareOptions = { replaces: table }) => {
      const { replaces, updates, mayReplace, steps } = await check(
        () => bucket('b', args),
        () => bucket('b', { ...args, ...changed }),
        options,
      );
      const of = (list: readonly { changes: readonly { path: string }[] }[]) =>
        list.flatMap(({ changes }) => changes.map(({ path }) => path));
      return {
        replaces: replaces.map(({ property }) => property),
        updates: of(updates),
        mayReplace: of(mayReplace),
        operation: steps.at(-1)?.operation,
      };
    };
    const none = { replaces: [], updates: [], mayReplace: [] };

    it('replaces by a path that it names, also in lists and below', async () => {
      const replace = { ...none, operation: 'replace' };
      expect(await paths({ bucket: 'two' })).to.deep.equal({ ...replace, replaces: ['bucket'] });
      expect(await paths({ lifecycleRules: [{ id: 'y', enabled: true }] })).to.deep.equal({
        ...replace,
        replaces: ['lifecycleRules[0].id'],
      });
      // A whole that is new or gone holds the part.
      const website = undefined as unknown as pulumi.Input<{ indexDocument: string }>;
      expect(await paths({ website })).to.deep.equal({ ...replace, replaces: ['website'] });
    });

    it('updates by a path that it names, and by tags always', async () => {
      const update = { ...none, operation: 'update' };
      expect(await paths({ lifecycleRules: [{ id: 'x', enabled: false }] })).to.deep.equal({
        ...update,
        updates: ['lifecycleRules[0].enabled'],
      });
      expect(await paths({ website: { indexDocument: 'a', errorDocument: 'c' } })).to.deep.equal({
        ...update,
        updates: ['website.errorDocument'],
      });
      expect(await paths({ tags: { a: '1' } }, {})).to.deep.equal({ ...update, updates: ['tags'] });
    });

    it('leaves open what it does not name, and everything without a table', async () => {
      const open = { ...none, operation: 'update' };
      expect(await paths({ policy: '{}' })).to.deep.equal({ ...open, mayReplace: ['policy'] });
      expect(await paths({ forceDestroy: true }, {})).to.deep.equal({
        ...open,
        mayReplace: ['forceDestroy'],
      });
    });
  });

  it('says what a value was and is, and cuts long ones', async () => {
    const { mayReplace } = await check(
      () => bucket('b', { policy: 'short' }),
      () => bucket('b', { policy: 'x'.repeat(500) }),
    );
    expect(mayReplace[0]?.message).to.equal(
      `${URN}::b may be replaced, as nobody has judged what this does: policy from "short" to ` +
        `"${'x'.repeat(119)}... (502 characters); its data are lost`,
    );
  });

  it('does not see a value of AWS as changed because its resource has another URN', async () => {
    const referring = (name: string, aliases: pulumi.Alias[]) => () => {
      const { arn, bucket: id } = bucket(name, {}, { aliases });
      new ssm.Parameter('refers', {
        name: 'refers',
        type: 'String',
        value: pulumi.jsonStringify({ arn, key: pulumi.interpolate`${id}/x` }),
      });
    };
    const { steps, mayReplace } = await check(referring('old', []), referring('new', [{ name: 'old' }]));
    expect(mayReplace).to.deep.equal([]);
    expect(steps.map(({ operation }) => operation)).to.deep.equal(['same', 'same', 'same']);
    const apart = await check(referring('old', []), referring('new', []));
    expect(apart.mayReplace.map(({ changes }) => changes[0]?.path)).to.deep.equal(['value']);
  });

  it('compares assets by content, and says of secrets that it can not', async () => {
    const program = (source: string, secret: string) => () => {
      new lambda.Function('f', {
        role: 'arn:aws:iam::123456789012:role/r',
        runtime: 'nodejs22.x',
        handler: 'index.handler',
        code: new pulumi.asset.AssetArchive({ 'index.js': new pulumi.asset.StringAsset(source) }),
        environment: { variables: { KEY: pulumi.secret(secret) } },
      });
    };
    const same = await check(program('1', 'first-secret'), program('1', 'other-secret'));
    expect(same.mayReplace).to.deep.equal([]);
    expect(same.notCompared.map(({ path, why }) => [path, why])).to.deep.equal([
      ['environment.variables.KEY', 'the text of a secret is in no graph'],
    ]);
    const changed = await check(program('1', 'first-secret'), program('2', 'first-secret'));
    expect(changed.mayReplace.map(({ changes }) => changes[0]?.path)).to.deep.equal(['code']);
  });

  it('replaces what gets a provider of another region, and leaves open another configuration', async () => {
    const by = (name: string, region: string) => () => {
      const provider = new Provider(name, { region: region as 'eu-west-1' });
      bucket('b', {}, { provider });
    };
    const moved = await check(by('one', 'eu-west-1'), by('one', 'eu-west-2'));
    expect(moved.replaces.map(({ urn, property }) => [urn, property])).to.deep.equal([
      [`${URN}::b`, 'provider'],
    ]);
    const renamed = await check(by('one', 'eu-west-1'), by('two', 'eu-west-1'));
    expect(renamed.replaces).to.deep.equal([]);
    expect(renamed.mayReplace).to.deep.equal([]);
  });

  it('tells of a renamed component that one alias of it keeps all', async () => {
    class Box extends pulumi.ComponentResource {
      constructor(name: string) {
        super('test:index:Box', name);
        bucket(`${name}-bucket`, {}, { parent: this });
        this.registerOutputs({});
      }
    }
    const { renamed } = await check(
      () => new Box('one'),
      () => new Box('two'),
    );
    expect(renamed.map(({ message }) => message.replace(/^.*in its place: /, ''))).to.deep.equal([
      "aliases: [{ name: 'one' }] would keep it",
      'an alias of its parent (urn:pulumi:stack::project::test:index:Box::two) would keep it; its data are lost',
    ]);
  });

  it('names both claimants of one alias', async () => {
    const { conflicts } = await check(
      () => bucket('old'),
      () => {
        for (const name of ['one', 'two']) bucket(name, {}, { aliases: [{ name: 'old' }] });
      },
    );
    expect(conflicts).to.deep.equal([{ alias: `${URN}::old`, claimants: [`${URN}::one`, `${URN}::two`] }]);
  });

  it('refuses graphs of two stacks', async () => {
    const [one, other] = await Promise.all(
      ['a', 'b'].map((stack) => recordComponent(() => undefined, { stack })),
    );
    expect(() => compareGraphs(one!, other!)).to.throw(
      RangeError,
      /are of project\/a and project\/b: record both/,
    );
  });

  describe('as an assertion', () => {
    const [before, after] = [
      () => {
        bucket('gone');
        bucket('kept', { policy: 'a' });
        new s3.BucketPolicy('rules', { bucket: 'b', policy: '{}' });
      },
      () => void bucket('kept', { policy: 'b' }),
    ];
    const asserted = async (options: Parameters<typeof assertUpgrade>[2]) =>
      assertUpgrade(await recordComponent(before), await recordComponent(after), {
        replaces: {},
        ...options,
      });
    const reason = 'a test';

    it('throws everything at once, losses first', async () => {
      const [old, now] = [await recordComponent(before), await recordComponent(after)];
      expect(() => assertUpgrade(old, now, { replaces: {} })).to.throw(
        Error,
        [
          'the update of project/stack is not safe:',
          `deleted (loss): ${URN}::gone is deleted; its data are lost`,
          `mayReplace (loss): ${URN}::kept may be replaced, as nobody has judged what this does: policy from "a" to "b"; its data are lost`,
          'deleted (change): urn:pulumi:stack::project::aws:s3/bucketPolicy:BucketPolicy::rules is deleted',
        ].join('\n  '),
      );
    });

    it('lets pass what is allowed with a reason, and refuses exceptions that nothing needs', async () => {
      const allow = [
        { finding: 'deleted', urn: '*::gone', reason },
        { finding: 'deleted', urn: '*::rules', reason },
        { finding: 'mayReplace', urn: '*::kept', property: 'policy', reason },
      ] as const;
      expect((await asserted({ allow })).deleted).to.have.length(2);
      let message = '';
      try {
        await asserted({ allow: [...allow, { finding: 'replaces', urn: '*', reason }] });
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).to.contain('an exception that nothing needs (replaces *, because a test): remove it');
    });
  });

  it('of any two versions names each old and each new resource exactly once', async () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'a-a', 'b-b'), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(names, names, fc.boolean(), async (old, now, withAliases) => {
        const aliases =
          withAliases && now.length > 0 ? [{ name: old.find((each) => !now.includes(each)) ?? 'z' }] : [];
        const { steps, renamed, deleted, created, aliased } = await check(
          () => old.forEach((name) => bucket(name)),
          () => now.forEach((name, n) => bucket(name, {}, n === 0 ? { aliases } : {})),
        );
        const olds = steps.map(({ urn, oldUrn, operation }) =>
          operation === 'create' ? undefined : (oldUrn ?? urn),
        );
        const news = steps.filter(({ operation }) => operation !== 'delete').map(({ urn }) => urn);
        const urns = (list: readonly string[]) => list.map((name) => `${URN}::${name}`);
        const stack = 'urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack';
        expect(olds.filter((each) => each !== undefined).sort()).to.deep.equal([...urns(old), stack].sort());
        expect(news.sort()).to.deep.equal([...urns(now), stack].sort());
        const count = (operation: string) => steps.filter((step) => step.operation === operation).length;
        expect(count('delete')).to.equal(deleted.length + renamed.length);
        expect(count('create')).to.equal(created.length + renamed.length);
        expect(aliased.length).to.equal(steps.filter(({ oldUrn }) => oldUrn !== undefined).length);
      }),
      { numRuns: 60 },
    );
  });
});
