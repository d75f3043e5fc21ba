import { expect } from 'chai';
import fc from 'fast-check';
import { answer, tokenOf } from '../../planner/doubles';
import { Tracer } from '../../planner/graph/tracer';

const TYPES = [
  'aws:s3/bucket:Bucket',
  'aws:iam/role:Role',
  'aws:kms/key:Key',
  'aws:sqs/queue:Queue',
] as const;

/** Resources of a stack, with what their doubles answer. */
const resources = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...TYPES), fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)),
  {
    ...{ minLength: 1, maxLength: 20 },
    selector: ([type, name]) => `${type}::${name}`,
  },
);

function made([type, name]: readonly [string, string]) {
  const urn = `urn:pulumi:dev::demo::${type}::${name}`;
  const token = tokenOf(urn);
  const context = {
    urn,
    type,
    name,
    token,
    inputs: {},
    region: 'eu-west-1',
    account: '123456789012',
    partition: 'aws',
  };
  const { id, outputs } = answer(context);
  const arn = String(outputs['arn']);
  return { urn, token, id, outputs: { arn }, computed: ['id', 'arn'] };
}

function traced(list: readonly (readonly [string, string])[]) {
  const tracer = new Tracer();
  const all = list.map(made);
  for (const each of all) tracer.addResource(each);
  return { tracer, all };
}

describe('the tracer', () => {
  it('leads every value back to its resource, and no two resources share one', () => {
    fc.assert(
      fc.property(resources, (list) => {
        const { tracer, all } = traced(list);
        for (const { urn, id, outputs } of all) {
          expect(tracer.owner(id)?.urn).to.equal(urn);
          expect(tracer.owner(outputs.arn)).to.deep.equal({ urn, output: 'arn' });
        }
      }),
    );
  });

  it('finds exactly the references that a value holds, at any depth and in JSON in JSON', () => {
    fc.assert(
      fc.property(resources, fc.infiniteStream(fc.nat()), fc.json(), (list, picks, noise) => {
        const { tracer, all } = traced(list);
        const chosen = all.filter(() => (picks.next().value ?? 0) % 2 === 0);
        const inner = JSON.stringify({
          Resource: chosen.map(({ outputs }) => `${outputs.arn}/*`),
          [noise]: 1,
        });
        const value = { a: [{ text: `x ${JSON.stringify({ inner })}` }], noise };
        expect(tracer.inValue(value)).to.have.members(chosen.map(({ urn }) => `${urn}#arn`));
      }),
    );
  });

  it('finds nothing in text that names no resource', () => {
    fc.assert(
      fc.property(resources, fc.anything(), (list, value) => {
        expect(traced(list).tracer.inValue(value)).to.deep.equal([]);
      }),
    );
  });

  it('takes the longest value: an arn, not the name that it ends with', () => {
    const { tracer, all } = traced([['aws:s3/bucket:Bucket', 'live']]);
    const [bucket] = all;
    expect(
      tracer.inText(`<${bucket?.outputs.arn ?? ''}/live>`).map(({ output, at }) => [output, at]),
    ).to.deep.equal([['arn', 1]]);
    expect(
      tracer.inText(`prefix-${bucket?.id ?? ''}-suffix`).map(({ output, at }) => [output, at]),
    ).to.deep.equal([['id', 7]]);
  });

  it('finds a name that the program chose only where it stands alone', () => {
    const tracer = new Tracer();
    const urn = 'urn:pulumi:dev::demo::aws:s3/bucket:Bucket::logs';
    const outputs = { arn: 'arn:aws:s3:::acme-logs', state: 'available' };
    tracer.addResource({ urn, token: 'abcdef0', id: 'acme-logs', outputs, computed: ['id', 'arn', 'state'] });
    expect(tracer.inValue('arn:aws:s3:::acme-logs/*')).to.deep.equal([`${urn}#arn`]);
    expect(tracer.inValue('arn:aws:s3:::acme-logs-2/*')).to.deep.equal([]);
    expect(tracer.inValue('s3://acme-logs/a.m4s')).to.deep.equal([`${urn}#id`]);
    expect(tracer.inValue('available')).to.deep.equal([]);
  });

  it('reads the references of a secret from its mark', () => {
    expect(new Tracer().inValue([{ $secret: { references: ['urn:x#arn'] } }])).to.deep.equal(['urn:x#arn']);
  });
});
