import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { exportTerraform, writeJson } from '../../../planner/export/terraform';
import { recordComponent } from '../../../testing';

interface Made {
  readonly kind: 'topic' | 'queue' | 'bucket';
  readonly name: string;
  /** Which of the resources before it refers to. */
  readonly uses: number;
  readonly text: string;
}

const made: fc.Arbitrary<Made[]> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('topic', 'queue', 'bucket'),
    name: fc.stringMatching(/^[a-z][a-z0-9]{2,7}$/),
    uses: fc.nat(5),
    text: fc.string({ unit: fc.constantFrom('$', '{', '%', '}', '"', '\\', 'a', '\n', '${', 'é') }),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
);

function make(all: readonly Made[]): () => void {
  return () => {
    const arns: pulumi.Output<string>[] = [];
    for (const { kind, name, uses, text } of all) {
      const other = arns[uses % Math.max(arns.length, 1)];
      const tags = { text, ...(other && { other: pulumi.interpolate`${text}${other}${text}` }) };
      if (kind === 'topic') arns.push(new aws.sns.Topic(name, { tags }).arn);
      else if (kind === 'queue') arns.push(new aws.sqs.Queue(name, { tags }).arn);
      else arns.push(new aws.s3.Bucket(name, { tags }).arn);
    }
  };
}

const record = (all: readonly Made[]) =>
  recordComponent(make(all), { config: { 'aws:region': 'us-east-1' } });

type Blocks = { readonly [type: string]: { readonly [label: string]: unknown } };

/**
 * A text as Terraform reads it: what its own escapes mean, and ${name} with the value of that expression. Only what the
 * export writes is known here.
 */
function rendered(text: string, values: { readonly [expression: string]: string }): string {
  return text.replaceAll(/\$\$\{|%%\{|\$\{([^}]*)\}/g, (all, expression?: string) => {
    if (expression === undefined) return all.slice(1);
    const literal = /^"(\$+)"$/.exec(expression)?.[1];
    return literal ?? values[expression] ?? `no ${expression}`;
  });
}

describe('the Terraform export of any program', function () {
  this.timeout(60_000);

  it('is the same text each time', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (all) => {
        const [one, two] = [await record(all), await record(all)];
        const texts = [one, two].map((graph) => writeJson(exportTerraform(graph).configuration).text);
        expect(texts[0]).to.equal(texts[1]);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps every block as it was when a resource is added that nothing refers to', async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.stringMatching(/^[a-z][a-z0-9]{8,10}$/), async (all, name) => {
        const more: Made = { kind: 'topic', name, uses: 0, text: 'more' };
        const [before, after] = [
          exportTerraform(await record(all)),
          exportTerraform(await record([...all, more])),
        ].map(({ configuration }) => configuration['resource'] as Blocks);
        const { [name]: added, ...topics } = after!['aws_sns_topic']!;
        expect(added).to.be.an('object');
        expect({ ...after, aws_sns_topic: topics }).to.deep.equal({
          ...before,
          aws_sns_topic: before!['aws_sns_topic'] ?? {},
        });
      }),
      { numRuns: 20 },
    );
  });

  it('means the text that the program gave, whatever stands before and after a reference', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (all) => {
        const graph = await record(all);
        const result = exportTerraform(graph);
        const values = Object.fromEntries(
          [...result.resources.values()].map(({ address, urn }) => [
            `${address}.arn`,
            graph.resources.find((each) => each.urn === urn)!.outputs['arn'] as string,
          ]),
        );
        const blocks = result.configuration['resource'] as Blocks;
        for (const { address, urn } of result.resources.values()) {
          const [type, label] = address.split('.') as [string, string];
          const { tags } = blocks[type]![label] as { tags: { [name: string]: string } };
          const given = graph.resources.find((each) => each.urn === urn)!.inputs['tags'];
          const read = Object.entries(tags).map(([name, text]) => [name, rendered(text, values)]);
          expect(Object.fromEntries(read)).to.deep.equal(given);
        }
        expect(result.gaps).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });
});
