/** Resources that the actions beside them can be about. */
import { hasWildcard } from '../../privileges/patterns';
import { meant, type Problems } from '../problems';
import { namedActions } from './actions';
import { arnParts } from './globs';
import type { PolicyKind } from './kinds';
import type { Place, Statement } from './policy';
import { actionsLike, canBe, hasService, iamSource, nearestService } from './reference';

const PARTITIONS = [
  ...['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'],
];
/** As IAM's own refusal lists them. */
const IAM_PATHS = [
  ...['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/', 'server-certificate/'],
  ...['policy/', 'sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/'],
  ...['assumed-role/', 'root', 'u2f/', 'delegation-request/'],
];
const ARN = 'IAM User Guide, "Amazon Resource Names (ARNs)"';

export function checkResources(
  statement: Statement,
  kind: PolicyKind,
  place: Place,
  problems: Problems,
): void {
  const { resources } = statement;
  const sound = resources.values.filter(({ text, path }) => checkArn(text, path, place, problems));
  // What is left out can be anything.
  if (resources.isNot || sound.length === 0 || kind.resource === 'none') return;
  checkTogether(
    statement,
    sound.map(({ path, text }) => ({ path, text })),
    problems,
  );
}

/** Each resource is one of an action's, and each action has one of the resources. */
function checkTogether(
  statement: Statement,
  resources: readonly { readonly path: string; readonly text: string }[],
  problems: Problems,
): void {
  const named = namedActions(statement);
  if (named === undefined || named.length === 0) return;
  for (const { path, text } of resources) {
    if (text === '*' || named.some(({ arns }) => arns.some((arn) => canBe(text, arn)))) continue;
    const arns = [...new Set(named.flatMap((each) => each.arns))];
    problems.ineffective(path, {
      ...{ value: text, problem: 'no action of the statement is about such a resource' },
      allowed: `${arns.length === 0 ? '"*"' : shortened(arns)} (${iamSource()})`,
      fix: 'correct the ARN, or move it to a statement of its own',
    });
  }
  for (const { path, text } of statement.actions.values) {
    const known = actionsLike(text);
    const isMet = known.some(({ arns }) =>
      resources.some((each) => each.text === '*' || arns.some((arn) => canBe(each.text, arn))),
    );
    if (known.length === 0 || isMet) continue;
    const arns = [...new Set(known.flatMap((each) => each.arns))];
    problems.ineffective(path, {
      ...{ value: text, problem: 'none of the resources of the statement is one that it is about' },
      allowed: `${arns.length === 0 ? 'the resource "*"' : shortened(arns)} (${iamSource()})`,
      fix: arns.length === 0 ? 'move it to a statement with "*"' : 'add such a resource',
    });
  }
}

const SHOWN = 4;

function shortened(arns: readonly string[]): string {
  const more = arns.length - SHOWN;
  return `${arns.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** False where nothing further can be said of it. */
function checkArn(value: string, path: string, { partition }: Place, problems: Problems): boolean {
  if (value === '*') return true;
  // A variable may stand for all of it.
  if (value.startsWith('${')) return false;
  const parts = arnParts(value);
  if (parts[0] !== 'arn' || parts.length < 6 || parts[5] === '') {
    const allowed = `"*", or an ARN of six parts, as arn:aws:s3:::bucket/* (${ARN})`;
    problems.refuse(path, { value, problem: 'no ARN', allowed, fix: 'give all parts' });
    return false;
  }
  const [, own = '', service = '', region = '', account = ''] = parts;
  const isPlain = !hasWildcard(own);
  if (isPlain && (!PARTITIONS.includes(own) || (partition !== undefined && own !== partition))) {
    const allowed = `${partition ?? PARTITIONS.join(', ')} (${ARN})`;
    const problem = `the partition ${JSON.stringify(own)} is not that of the region`;
    problems.refuse(path, { value, problem, allowed, fix: `write arn:${partition ?? 'aws'}:...` });
    return false;
  }
  const [, , , , , rest = ''] = parts;
  if (service === 'iam' && rest !== '*' && !IAM_PATHS.some((each) => rest.startsWith(each))) {
    const allowed = `"*", or what begins with ${IAM_PATHS.join(', ')} (${ARN})`;
    problems.refuse(path, { value, problem: 'nothing of IAM begins so', allowed, fix: 'name the kind' });
    return false;
  }
  if (hasWildcard(service)) {
    const allowed = `the name of a service, in full (${ARN})`;
    problems.refuse(path, { value, problem: 'a wildcard for the service', allowed, fix: 'name the service' });
    return false;
  }
  if (!service.includes('${') && !isArnService(service)) {
    const fix = meant(nearestService(service), 'correct the service');
    problems.ineffective(path, {
      ...{ value, problem: `there is no service ${JSON.stringify(service)}` },
      ...{ allowed: `services of the ${iamSource()}`, fix },
    });
    return false;
  }
  let sound = true;
  if (!/^(?:[a-z]{2,4}(?:-[a-z]+)+-\d+)?$/.test(region) && !isOpen(region)) {
    const allowed = `a region such as eu-west-1, "*" or nothing (${ARN})`;
    problems.ineffective(path, {
      value,
      problem: `no region: ${region}`,
      allowed,
      fix: 'correct the region',
    });
    sound = false;
  }
  if (!/^(?:\d{12}|aws|)$/.test(account) && !isOpen(account) && !/^[a-z-]+$/.test(account)) {
    const allowed = `an account of twelve digits, "*" or nothing (${ARN})`;
    problems.ineffective(path, {
      value,
      problem: `no account: ${account}`,
      allowed,
      fix: 'correct the account',
    });
    sound = false;
  }
  return sound;
}

function isOpen(part: string): boolean {
  return hasWildcard(part) || part.includes('${');
}

/** Services are not always called by their prefix in ARNs: API Gateway's have both, OpenSearch's `es`. */
function isArnService(name: string): boolean {
  return hasService(name) || ['execute-api', 'catalog', 'aos', 'resource-explorer'].includes(name);
}
