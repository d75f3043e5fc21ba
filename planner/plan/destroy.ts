import { canonicalType } from '../../policies/core';
import { number, type Reader } from './reader';
import type { GraphResource } from '../graph/types';
import type { Left, LeftKind } from './types';

interface Rule {
  readonly kind: LeftKind;
  readonly what: string;
  readonly todo: string;
  readonly holds: (resource: GraphResource, type: string) => boolean;
}

const BUCKET = /^aws:s3\/(bucket|directoryBucket):/;
const SECRET = 'aws:secretsmanager/secret:Secret';
const KEY = 'aws:kms/key:Key';
const LOGS = 'aws:cloudwatch/logGroup:LogGroup';
/** Of AWS, where the program gives none: Secrets Manager's and KMS's. */
const DEFAULT_DAYS = 30;

const RULES: readonly Rule[] = [
  {
    kind: 'refuses',
    what: 'protected: destroy stops at them',
    todo: 'pulumi state unprotect <URN>, or --all, once you are sure',
    holds: ({ options }) => options.protect === true,
  },
  {
    kind: 'refuses',
    what: 'deletion protection of AWS: it refuses to delete them',
    todo: 'turn it off first',
    holds: ({ inputs }) =>
      [
        'enableDeletionProtection',
        'deletionProtection',
        'deletionProtectionEnabled',
        'disableApiTermination',
      ].some((name) => inputs[name] === true),
  },
  {
    kind: 'stays',
    what: 'retainOnDelete: they stay in AWS, outside of the stack, and cost what they hold',
    todo: 'delete them by hand, or import them again',
    holds: ({ options }) => options.retainOnDelete === true,
  },
  {
    kind: 'content',
    what: 'buckets and repositories with something in them are not deleted',
    todo: 'empty them first (aws s3 rm s3://<bucket> --recursive), or wait for their lifecycle',
    holds: ({ inputs, options }, type) =>
      options.retainOnDelete !== true &&
      ((BUCKET.test(type) && inputs['forceDestroy'] !== true) ||
        (type === 'aws:ecr/repository:Repository' && inputs['forceDelete'] !== true)),
  },
  {
    kind: 'content',
    what: 'databases: a last snapshot is made, and stays',
    todo: 'delete the snapshot by hand',
    holds: ({ inputs }, type) =>
      /^aws:rds\/(cluster|instance):/.test(type) && inputs['skipFinalSnapshot'] !== true,
  },
  {
    kind: 'delayed',
    what: 'keys are deleted days later, and nothing can be read with them meanwhile',
    todo: 'aws kms cancel-key-deletion takes it back',
    holds: ({ options }, type) => type === KEY && options.retainOnDelete !== true,
  },
  {
    kind: 'delayed',
    what: 'secrets are deleted days later, and their names cannot be used again until then',
    todo: 'aws secretsmanager restore-secret takes it back',
    holds: ({ inputs, options }, type) =>
      type === SECRET && options.retainOnDelete !== true && number(inputs['recoveryWindowInDays']) !== 0,
  },
  {
    kind: 'stays',
    what: 'log groups with skipDestroy stay',
    todo: 'delete them by hand',
    holds: ({ inputs }, type) => type === LOGS && inputs['skipDestroy'] === true,
  },
  {
    kind: 'kept-for-ever',
    what: 'log groups without retentionInDays: what is in them never expires while they are there',
    todo: 'give retentionInDays',
    holds: ({ inputs }, type) => type === LOGS && (number(inputs['retentionInDays']) ?? 0) === 0,
  },
];

/** What is left after `pulumi destroy`, and what stops it, by the resources' own settings. */
export function destroyOf(reader: Reader): Left[] {
  const left = RULES.flatMap(({ kind, what, todo, holds }) => {
    const resources = reader.made.filter((each) => holds(each, canonicalType(each.type)));
    const days = kind === 'delayed' ? windows(resources) : '';
    return resources.length === 0
      ? []
      : [{ kind, what: `${what}${days}`, todo, resources: reader.paths(resources).sort() }];
  });
  const builds = reader.ofType('aws:codebuild/project:Project');
  return builds.length === 0
    ? left
    : [
        ...left,
        {
          kind: 'stays',
          what: "the history of CodeBuild's builds",
          todo: 'nothing: it costs nothing',
          resources: reader.paths(builds),
        },
      ];
}

function windows(resources: readonly GraphResource[]): string {
  const days = resources.map(
    ({ inputs }) =>
      number(inputs['deletionWindowInDays']) ?? number(inputs['recoveryWindowInDays']) ?? DEFAULT_DAYS,
  );
  const [least, most] = [Math.min(...days), Math.max(...days)];
  return ` (${least === most ? most : `${least} to ${most}`} days)`;
}
