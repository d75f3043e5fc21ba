/** Where policies stand among resources, and whom they let in. */
import { amongItems } from './among-items';
import { peek } from './read';
import type { Resource } from './resource';
import { found, notApplicable, type Outcome } from './rule';
import { called, statements, type Statement } from './statements';
import { isValues, itemsOf, type Values } from './values';

const INLINE = 'inlinePolicies';
const WITHOUT = notApplicable('it has no policy among its own arguments');

/** Properties with policies that say what somebody may do. */
const OF_IDENTITIES: Readonly<Record<string, string>> = {
  'aws:iam/groupPolicy:GroupPolicy': 'policy',
  'aws:iam/policy:Policy': 'policy',
  'aws:iam/role:Role': INLINE,
  'aws:iam/rolePolicy:RolePolicy': 'policy',
  'aws:iam/userPolicy:UserPolicy': 'policy',
};

/** Properties with policies that say who may use a resource. */
const OF_RESOURCES: Readonly<Record<string, string>> = {
  'aws:backup/vaultPolicy:VaultPolicy': 'policy',
  'aws:cloudwatch/eventBusPolicy:EventBusPolicy': 'policy',
  'aws:dynamodb/resourcePolicy:ResourcePolicy': 'policy',
  'aws:ecr/repositoryPolicy:RepositoryPolicy': 'policy',
  'aws:efs/fileSystemPolicy:FileSystemPolicy': 'policy',
  'aws:kinesis/resourcePolicy:ResourcePolicy': 'policy',
  'aws:kms/key:Key': 'policy',
  'aws:kms/keyPolicy:KeyPolicy': 'policy',
  'aws:opensearch/domain:Domain': 'accessPolicies',
  'aws:opensearch/domainPolicy:DomainPolicy': 'accessPolicies',
  'aws:s3/accessPoint:AccessPoint': 'policy',
  'aws:s3/bucket:Bucket': 'policy',
  'aws:s3/bucketPolicy:BucketPolicy': 'policy',
  'aws:s3control/accessPointPolicy:AccessPointPolicy': 'policy',
  'aws:secretsmanager/secret:Secret': 'policy',
  'aws:secretsmanager/secretPolicy:SecretPolicy': 'policy',
  'aws:sns/topic:Topic': 'policy',
  'aws:sns/topicPolicy:TopicPolicy': 'policy',
  'aws:sqs/queue:Queue': 'policy',
  'aws:sqs/queuePolicy:QueuePolicy': 'policy',
};

export const IDENTITY_POLICIES: readonly string[] = Object.keys(OF_IDENTITIES);
export const RESOURCE_POLICIES: readonly string[] = Object.keys(OF_RESOURCES);

/** A statement, and how findings name it. */
export interface NamedStatement {
  readonly name: string;
  readonly statement: Statement;
}

const named = (all: readonly Statement[]): readonly NamedStatement[] =>
  all.map((statement, index) => ({ name: called(statement, index), statement }));

/** Who may use a resource. @returns undefined where it has no policy of that kind */
export function resourceStatements(resource: Resource): readonly NamedStatement[] | undefined {
  const property = OF_RESOURCES[resource.type];
  if (property === undefined || ['', undefined].includes(peek(resource, property) as string))
    return undefined;
  return named(statements(resource, property) ?? []);
}

/** What a rule says of a resource by each statement of its policy, of an identity or of a resource. */
export function judgePolicies(
  resource: Resource,
  judge: (statement: NamedStatement) => readonly string[],
): Outcome {
  const property = OF_IDENTITIES[resource.type];
  const has = (policy: Values | Resource, path: string) =>
    named(statements(policy, path) ?? []).flatMap(judge);
  if (property === undefined) {
    const policy = resourceStatements(resource);
    return policy ? found(policy.flatMap(judge)) : WITHOUT;
  }
  if (property !== INLINE) {
    return peek(resource, property) === undefined ? WITHOUT : found(has(resource, property));
  }
  return itemsOf(peek(resource, INLINE)).length === 0
    ? WITHOUT
    : found(amongItems(resource, INLINE, (policy) => (isValues(policy) ? has(policy, 'policy') : [])));
}

/** Keys of conditions that tie a statement to an account, an organisation, a resource or a network. */
const NARROWING = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'elasticfilesystem:accesspointarn',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);
/** Of those, the ones that a service's own calls carry. */
const OF_A_SERVICE = new Set([
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
]);
const POSITIVE =
  /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike|ipaddress)$/;
const ANY = new Set(['*', '*:*', 'arn:*', 'arn:aws:*', '0.0.0.0/0', '::/0']);

const narrowedBy = ({ conditions }: Statement, keys: ReadonlySet<string>): boolean =>
  Object.entries(conditions).some(
    ([operator, tested]) =>
      POSITIVE.test(operator) &&
      Object.entries(tested).some(
        ([key, values]) => keys.has(key) && values.length > 0 && !values.some((value) => ANY.has(value)),
      ),
  );

/** Whether it names everybody, in any account, as whom it is about. */
export const isAboutEverybody = ({ principals, hasNotPrincipal }: Statement): boolean =>
  hasNotPrincipal || Object.values(principals).some((who) => who.includes('*'));

/** A file system is reached so only from its own network. */
const byMountTarget = ({ conditions }: Statement): boolean =>
  conditions['bool']?.['elasticfilesystem:accessedviamounttarget']?.join() === 'true';

/** Whether it lets in everybody, and no condition ties it to somebody. */
export const letsEverybodyIn = (statement: Statement): boolean =>
  statement.effect === 'Allow' &&
  isAboutEverybody(statement) &&
  !narrowedBy(statement, NARROWING) &&
  !byMountTarget(statement);

/** Whether conditions say on whose behalf a service of AWS may act. */
export const namesItsSource = (statement: Statement): boolean => narrowedBy(statement, OF_A_SERVICE);
