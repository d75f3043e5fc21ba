import { ecs, iam } from '@pulumi/aws';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { engineOfSuite, failure } from './suite-engine';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A role that may do one thing to what only the engine's provider knows the ARN of. */
const role =
  (action: string): PulumiFn =>
  async () => {
    const { name, arn } = new iam.Role('encoder', { assumeRolePolicy: TRUST });
    const Statement = [{ Effect: 'Allow', Action: action, Resource: arn }];
    const policy = arn.apply((known) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ ...Statement[0], Resource: known }] }),
    );
    new iam.RolePolicy('pass', { role: name, policy });
  };

describe('documents before the stand-in aws provider', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('refuses a container definition as AWS would, by URN, input and path, and makes nothing of it', async () => {
    const stack = await engine.stackOf('containers', async () => {
      const containerDefinitions = JSON.stringify([{ name: 'encoder', image: 'media', memory: '512' }]);
      new ecs.TaskDefinition('live', { family: 'live', containerDefinitions });
    });
    const { outcome } = await failure(stack.up());
    expect(outcome.errors.join('\n')).to.contain(
      'aws:ecs/taskDefinition:TaskDefinition::live: containerDefinitions: [0].memory = "512": ClientException: it is a text; allowed: a whole number',
    );
    expect(engine.aws.done('create')).to.deep.equal([]);
  });

  it('refuses in the preview what is known there, and after an update the rest', async () => {
    const stack = await engine.stackOf('policies', role('iam:PassRoles'));
    const { outcome } = await failure(stack.preview());
    expect(outcome.errors.join('\n')).to.contain(
      'aws:iam/rolePolicy:RolePolicy::pass: policy: Statement[0].Action = "iam:PassRoles": AWS takes it, to no effect: there is no such action',
    );
    const up = await stack.up({ program: role('iam:PassRole') });
    expect(up.changes).to.deep.equal({ create: 3 });
  });
});
