import * as iam from '@pulumi/aws/iam';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { TieredSegmentStore } from '../../components/storage';
import { strings } from '../../planner/graph/values';
import { recordComponent, viewOf } from '../../testing';
import type { Graph, GraphResource } from '../../testing';

const ASSUMED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** Names that a program may choose, of stores, zones and channels. */
const name = fc.stringMatching(/^[a-z][a-z0-9]{1,7}$/);

/** A store with grants, whose roles are made beside it. */
async function store(names: { store: string; channel: string; role: string; zone: boolean }): Promise<Graph> {
  return recordComponent(
    () => {
      const made = new TieredSegmentStore(names.store, {
        environment: 'dev',
        ...(names.zone && { zones: { a: { zoneId: 'use1-az4' } } }),
      });
      const role = new iam.Role(`${names.role}-role`, { assumeRolePolicy: ASSUMED });
      made.grantWrite(names.channel, role.name, { channels: [names.channel] });
      made.grantRead('reader', role.name);
      // In a JSON text, in a text of its own.
      new s3.BucketObjectv2(`${names.role}-note`, {
        ...{ bucket: made.generalBucketName, key: 'note.json' },
        content: pulumi.jsonStringify({ inner: pulumi.jsonStringify({ role: role.arn }) }),
      });
      return { environment: made.runtimeEnvironment };
    },
    { project: 'media', stack: 'dev', config: { 'aws:region': 'us-east-1' } },
  );
}

/** What a double made up of a resource: its values that hold its token or its id, and that the program did not give. */
function madeUp({ computed, id, inputs, outputs, token }: GraphResource): string[] {
  const given = [...strings(inputs)].map(({ text }) => text);
  const values = computed.map((output) => (output === 'id' ? id : outputs[output]));
  return [...strings(values)]
    .map(({ text }) => text)
    .filter((text) => text.includes(token) || (id !== null && text.includes(id)))
    .filter((text) => !given.includes(text));
}

/** What a reader sees: the marks hold names of outputs, which are no values. */
function seen(graph: Graph): string[] {
  const marks = new Set(['$unknown', '$secret']);
  const visible = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(visible);
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries
        .filter(([key]) => !marks.has(key))
        .flatMap(([key, item]) => [
          [`key ${key}`, key],
          [key, visible(item)],
        ]),
    );
  };
  const parts = graph.resources.map(({ inputs, outputs, id }) => visible({ inputs, outputs, id }));
  return [...strings([parts, visible(graph.outputs)])].map(({ text }) => text);
}

describe('the views of a graph', function () {
  this.timeout(60_000);

  const programs = fc.record({ store: name, channel: name, role: name, zone: fc.boolean() });

  it('show no value that a double made up in `unknown`, at any depth and in the JSON of policies', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (names) => {
        const graph = await store(names);
        const values = graph.resources.flatMap(madeUp);
        expect(values.length).to.be.greaterThan(10);
        const tokens = graph.resources
          .filter((each) => madeUp(each).some((text) => text.includes(each.token)))
          .map(({ token }) => token);
        const texts = seen(viewOf(graph, 'unknown'));
        expect(texts.filter((text) => values.some((value) => text.includes(value)))).to.deep.equal([]);
        // A part of a value would show its token.
        expect(texts.filter((text) => tokens.some((token) => text.includes(token)))).to.deep.equal([]);
        // The same search finds them where they are: it could fail.
        const known = seen(graph).filter((text) => values.some((value) => text.includes(value)));
        expect(known.length).to.be.greaterThan(10);
      }),
      { numRuns: 12 },
    );
  });

  it('show nothing as unknown in `known`, which is what the doubles answered', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (names) => {
        const graph = await store(names);
        expect(JSON.stringify(viewOf(graph, 'known'))).to.not.contain('$unknown');
        expect(viewOf(graph, 'known')).to.deep.equal(graph);
      }),
      { numRuns: 4 },
    );
  });

  it('leave known what the program gives, also where it is a name that others refer to', async () => {
    const graph = await recordComponent(() => {
      const bucket = new s3.Bucket('b', { bucket: 'acme-logs-eu' });
      new s3.BucketAcl('a', { bucket: bucket.id, acl: 'private' });
    });
    const [, bucket, acl] = viewOf(graph, 'unknown').resources;
    expect(bucket?.inputs).to.deep.equal({ bucket: 'acme-logs-eu' });
    expect(bucket?.outputs['bucket']).to.equal('acme-logs-eu');
    expect(bucket?.outputs['arn']).to.deep.equal({ $unknown: [`${bucket?.urn ?? ''}#arn`] });
    expect(bucket?.id).to.equal(null);
    expect(acl?.inputs['bucket']).to.deep.equal({ $unknown: [`${bucket?.urn ?? ''}#id`] });
  });

  it('show in `both` the value of `known` beside what is unknown in `unknown`', async () => {
    const graph = await store({ store: 'media', channel: 'news', role: 'task', zone: true });
    const both = viewOf(graph, 'both');
    const unknown = viewOf(graph, 'unknown');
    const traced = (value: unknown): number => {
      if (typeof value !== 'object' || value === null) return 0;
      if ('$traced' in value) return 1;
      return Object.values(value).reduce((sum: number, item) => sum + traced(item), 0);
    };
    expect(traced(both.resources)).to.be.greaterThan(10);
    const value = (mark: unknown) => (mark as { $traced: { value: unknown; references: unknown } }).$traced;
    for (const [n, resource] of graph.resources.entries()) {
      for (const [property, given] of Object.entries(resource.inputs)) {
        const mark = both.resources[n]?.inputs[property];
        if (typeof given !== 'string' || typeof mark === 'string') continue;
        expect(value(mark).value).to.equal(given);
        expect(unknown.resources[n]?.inputs[property]).to.deep.equal({ $unknown: value(mark).references });
      }
    }
  });
});
