/** Who a statement is about: the forms that AWS takes. Whether an account or a role exists only AWS knows. */
import { isFields } from '../../../planner/graph/values';
import { at, closest, listOf, meant, type Problems, wrongKind } from '../problems';
import type { PolicyKind } from './kinds';
import type { Place } from './policy';
import { isServiceName } from './reference';

const GUIDE = 'IAM User Guide, "AWS JSON policy elements: Principal"';
const KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const WEB_IDENTITIES = [
  ...['cognito-identity.amazonaws.com', 'accounts.google.com', 'graph.facebook.com', 'www.amazon.com'],
];

/** An account, an ARN of IAM or STS without wildcards, or the unique id of a user or role. */
const AWS_FORMS: readonly RegExp[] = [
  /^\*$/,
  /^\d{12}$/,
  /^arn:[\w-]+:iam::(?:\d{12}|cloudfront):(?:root|(?:user|role)\/[\w+=,.@/ -]+)$/,
  /^arn:[\w-]+:sts::\d{12}:(?:assumed-role|federated-user)\/[\w+=,.@/-]+$/,
  /^A(?:IDA|ROA|KIA|GPA)[A-Z0-9]{12,}$/,
];

/** Services that sign and answer by another name than that of their principal. */
const OTHER_PRINCIPALS = [
  ...['ecs-tasks', 'edgelambda', 'replicator.lambda', 'vpc-flow-logs', 'delivery.logs', 'spotfleet'],
  ...['application-autoscaling', 'ecs.application-autoscaling', 'dynamodb.application-autoscaling'],
  ...['spot', 'ec2fleet', 'eks-fargate-pods', 'eks-nodegroup', 'pods.eks', 'export.rds', 'monitoring.rds'],
  ...[
    'ops.apigateway',
    'logging.s3',
    'lifecycle.s3',
    'batchoperations.s3',
    'metadata.s3',
    'cloudwatch.s3',
    's3-replication',
  ],
  ...['events', 'scheduler', 'pipes', 'states', 'lambda', 'elasticmapreduce', 'opensearchservice'],
  ...['cloudwatch', 'costalerts', 'budgets', 'billingconsole', 'config-multiaccountsetup', 'osis-pipelines'],
  ...['logdelivery.elasticloadbalancing', 'config-conforms', 'dlm', 'backup', 'mediapackage', 'medialive'],
  ...['continuous-deployment.cloudfront', 'logger.cloudfront', 'credentials.iot', 'vmie', 'es', 'fms', 'dms'],
  ...['channels.lex', 'lexv2', 'wafv2', 'waf', 'waf-regional', 'cognito-idp', 'email.cognito-idp'],
  ...[
    'member.org.stacksets.cloudformation',
    'stacksets.cloudformation',
    'hooks.cloudformation',
    'migrationhub',
  ],
  ...['resources.cloudformation', 'sso', 'ram', 'transitgateway', 'vpc-lattice', 'ecs-infrastructure'],
];

export function checkPrincipals(
  given: unknown,
  statementPath: string,
  kind: PolicyKind,
  { partition }: Place,
  problems: Problems,
): void {
  const path = at(statementPath, 'Principal');
  if (given === undefined || given === '*' || kind.principal === 'none') return;
  if (!isFields(given)) {
    const allowed = `"*", or an object with ${KINDS.join(', ')} (${GUIDE})`;
    problems.refuse(path, { value: given, problem: wrongKind(given), allowed, fix: 'write {"AWS": ...}' });
    return;
  }
  for (const [of, values] of Object.entries(given)) {
    const here = at(path, of);
    if (!KINDS.includes(of)) {
      const allowed = `${KINDS.join(', ')} (${GUIDE})`;
      const fix = meant(closest(of, KINDS), 'remove it');
      problems.refuse(here, { problem: 'no kind of principal', allowed, fix });
      continue;
    }
    for (const [n, value] of listOf(values).entries()) {
      const where = Array.isArray(values) ? at(here, n) : here;
      if (typeof value !== 'string') {
        const allowed = `a text (${GUIDE})`;
        problems.refuse(where, { value, problem: wrongKind(value), allowed, fix: 'give a text' });
      } else if (of === 'AWS') checkAws(value, where, partition, problems);
      else if (of === 'Service') checkService(value, where, problems);
      else if (of === 'Federated') checkFederated(value, where, problems);
      else if (!/^[0-9a-f]{64}$/.test(value)) {
        const allowed = `64 hexadecimal digits (${GUIDE})`;
        problems.refuse(where, {
          value,
          problem: 'no canonical user id',
          allowed,
          fix: 'use an account instead',
        });
      }
    }
  }
}

function checkAws(value: string, path: string, partition: string | undefined, problems: Problems): void {
  const allowed = `"*", an account of twelve digits, or the ARN of a root, user, role or session (${GUIDE})`;
  if (!AWS_FORMS.some((form) => form.test(value))) {
    const hasWildcard = value.startsWith('arn:') && value.includes('*');
    problems.refuse(path, {
      ...{ value, problem: hasWildcard ? 'a wildcard in the ARN of a principal' : 'no principal', allowed },
      fix: hasWildcard ? 'use "*" and a condition on aws:PrincipalArn' : 'correct it',
    });
    return;
  }
  const own = /^arn:([^:]+):/.exec(value)?.[1];
  if (own === undefined || partition === undefined || own === partition) return;
  problems.refuse(path, {
    ...{ value, problem: `the partition ${own} is not that of the region`, allowed: partition },
    fix: `write arn:${partition}:...`,
  });
}

function checkService(value: string, path: string, problems: Problems): void {
  // Some services have one for each region: `delivery.logs.eu-west-1.amazonaws.com`.
  const form =
    /^([a-z0-9.-]+?)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/;
  const name = form.exec(value)?.[1];
  if (name === undefined) {
    const allowed = `<service>.amazonaws.com (${GUIDE})`;
    problems.refuse(path, {
      value,
      problem: 'no service',
      allowed,
      fix: 'write it as ecs-tasks.amazonaws.com',
    });
    return;
  }
  if (OTHER_PRINCIPALS.includes(name) || isServiceName(name)) return;
  const like = OTHER_PRINCIPALS.find((each) => closest(name, [each]) !== undefined && isClose(name, each));
  if (like === undefined) {
    problems.skip(
      path,
      `AWS publishes no list of its services as principals, and ${value} is none that is known`,
    );
    return;
  }
  problems.refuse(path, {
    ...{ value, problem: 'no service that is known by this name' },
    allowed: `a service as ${GUIDE} has it`,
    fix: `did you mean ${like}.amazonaws.com?`,
  });
}

/** A letter more or less, or another: what continues a name may well be a service of its own. */
function isClose(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= 1;
}

function checkFederated(value: string, path: string, problems: Problems): void {
  if (WEB_IDENTITIES.includes(value)) return;
  if (/^arn:[\w-]+:iam::\d{12}:(?:oidc-provider|saml-provider)\/.+$/.test(value)) return;
  const allowed = `${WEB_IDENTITIES.join(', ')}, or the ARN of an OIDC or SAML provider (${GUIDE})`;
  problems.refuse(path, { value, problem: 'no identity provider', allowed, fix: 'give its ARN' });
}
