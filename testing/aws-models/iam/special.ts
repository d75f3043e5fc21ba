/** What services ask of their own policies, beyond the language. */
import { isFields } from '../../../planner/graph/values';
import { matchesAction } from '../../privileges/patterns';
import { at, listOf, type Problems } from '../problems';
import { BUCKET, KEY, type PolicyKind } from './kinds';
import type { Statement } from './policy';

type Inputs = Readonly<Record<string, unknown>>;

export function checkSpecial(
  statements: readonly Statement[],
  kind: PolicyKind,
  inputs: Inputs,
  problems: Problems,
): void {
  if (kind === KEY) checkLockout(statements, inputs, problems);
  if (kind === BUCKET) checkBucket(statements, inputs, problems);
}

/** KMS refuses a policy that leaves nobody who may change it. */
function checkLockout(statements: readonly Statement[], inputs: Inputs, problems: Problems): void {
  if (inputs['bypassPolicyLockoutSafetyCheck'] === true) return;
  const mayChange = statements.some(
    ({ allows, actions, principals, conditions }) =>
      allows &&
      !actions.isNot &&
      actions.values.some(({ text }) => matchesAction(text, 'kms:PutKeyPolicy')) &&
      Object.keys(conditions).length === 0 &&
      (principals === '*' || (isFields(principals) && listOf(principals['AWS'] ?? []).length > 0)),
  );
  if (mayChange) return;
  problems.refuse('Statement', {
    problem: 'nobody may change the key policy afterwards',
    allowed:
      'an account, user or role with kms:PutKeyPolicy (KMS API Reference, PutKeyPolicy, BypassPolicyLockoutSafetyCheck)',
    fix: 'allow kms:* to arn:aws:iam::<account>:root, or set bypassPolicyLockoutSafetyCheck',
  });
}

/** S3 refuses resources that are not the bucket or in it. */
function checkBucket(statements: readonly Statement[], { bucket }: Inputs, problems: Problems): void {
  if (typeof bucket !== 'string' || bucket === '') return;
  for (const { resources } of statements) {
    for (const { path, text } of resources.isNot ? [] : resources.values) {
      const [, name = ''] = /^arn:[^:]*:s3(?:express)?:[^:]*:[^:]*:(?:bucket\/)?([^/]*)/.exec(text) ?? [];
      if (name === '' || name === bucket || /[*?$]/.test(name)) continue;
      problems.refuse(path, {
        ...{ value: text, problem: `not of the bucket ${bucket}` },
        allowed: 'the bucket and what is in it (S3 User Guide, "Policies and permissions in Amazon S3")',
        fix: `write ${at('', bucket)} in the ARN, or move the statement to the other bucket's policy`,
      });
    }
  }
}
