/** A recorded graph of one role with policies. */
import * as iam from '@pulumi/aws/iam';
import { recordComponent } from '../../../testing';
import type { Graph } from '../../../testing';

export const ROLE_ARN = 'arn:aws:iam::123456789012:role/reader';

export const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
} as const;

export const document = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

let recorded: Promise<Graph> | undefined;

/** The role `reader`, tagged team: video, with one policy. */
export async function roleWith(policy: string): Promise<Graph> {
  recorded ??= recordComponent(() => {
    const role = new iam.Role('reader', {
      name: 'reader',
      assumeRolePolicy: JSON.stringify(trust),
      tags: { team: 'video' },
    });
    new iam.RolePolicy('may', { role: role.name, policy: '{}' });
  });
  const graph = await recorded;
  return {
    ...graph,
    resources: graph.resources.map((each) =>
      each.name === 'may' ? { ...each, inputs: { ...each.inputs, policy } } : each,
    ),
  };
}
