import { expect } from 'chai';
import { recordStack } from '../stacks/stack-recording';
import { skip } from '../support/skip';
import {
  answered,
  answers,
  describeCheck,
  findCheckov,
  plannedPrograms,
  scan,
  scanKept,
  type FailedCheck,
} from './scan';
import { TWINS, disagreements } from './twins';

describe('Checkov over the judged plans', function () {
  this.timeout(300_000);
  let checkov: string;
  let failed: FailedCheck[];

  before(async function () {
    const found = findCheckov();
    if ('missing' in found) skip(this, found.missing);
    else checkov = found.checkov;
    // Four seconds a plan: `make scan` has every one. These have every component, in every form that a stack gives it.
    failed = await scanKept(
      checkov,
      plannedPrograms().filter((program) => /^stack\.|\.full$|-eks$/.test(program)),
    );
  });

  it('fails no check that docs/checkov.md does not answer', () => {
    const open = failed.filter((each) => !answered(each, answers()));
    expect(open.map(describeCheck)).to.deep.equal([]);
  });

  it('fails every check that docs/checkov.md answers, so that no answer is left over', () => {
    const left = answers().filter(({ check }) => !failed.some((each) => each.check === check));
    expect(left.map(({ check }) => check)).to.deep.equal([]);
  });

  it('says of prod what our own rules say, but where the two ask for different things', async () => {
    const { graph } = await recordStack('prod');
    const differing = disagreements(
      graph,
      failed.filter(({ program }) => program === 'stack.prod'),
    );
    const unexplained = differing.filter(({ rule }) => TWINS[rule]!.differs === undefined);
    expect(unexplained.map(({ text }) => text)).to.deep.equal([]);
    const explained = Object.keys(TWINS).filter((rule) => TWINS[rule]!.differs !== undefined);
    expect(explained.filter((rule) => !differing.some((each) => each.rule === rule))).to.deep.equal([]);
  });

  it('joins a bucket with its separate public access block', async () => {
    const open = plan({ block: false });
    const closed = plan({ block: true });
    const found = await scan(checkov, { open, closed });
    const block = found.filter(({ check }) => check === 'CKV2_AWS_6');
    expect(block.map(({ program }) => program)).to.deep.equal(['open']);
  });
});

/** A plan of a bucket, with or without its block, as Terraform prints it. */
function plan({ block }: { block: boolean }): string {
  const provider_name = 'registry.terraform.io/hashicorp/aws';
  const bucket = {
    address: 'aws_s3_bucket.b',
    mode: 'managed',
    type: 'aws_s3_bucket',
    name: 'b',
    provider_name,
    schema_version: 0,
    values: { bucket: 'b' },
  };
  const access = {
    ...{
      address: 'aws_s3_bucket_public_access_block.b',
      mode: 'managed',
      type: 'aws_s3_bucket_public_access_block',
      name: 'b',
    },
    ...{ provider_name, schema_version: 0 },
    values: {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
  };
  const resources = block ? [bucket, access] : [bucket];
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: { root_module: { resources } },
    resource_changes: resources.map(({ values, ...each }) => ({
      ...each,
      change: { actions: ['create'], before: null, after: values, after_unknown: { id: true } },
    })),
    configuration: {
      root_module: {
        resources: resources.map(({ address, type, name, mode }) => ({
          ...{ address, type, name, mode, provider_config_key: 'aws', schema_version: 0 },
          expressions:
            type === 'aws_s3_bucket'
              ? { bucket: { constant_value: 'b' } }
              : { bucket: { references: ['aws_s3_bucket.b.id', 'aws_s3_bucket.b'] } },
        })),
      },
    },
  });
}
