/** What each kind of policy may and must have. */
import { shapesOf, type Length } from '../data';

export interface PolicyKind {
  /** In the words of messages. */
  readonly name: string;
  readonly principal: 'none' | 'required' | 'optional';
  readonly resource: 'none' | 'required' | 'optional';
  /** Prefixes of the services whose actions it may name; absent where it may name all. */
  readonly services?: readonly string[];
  /** Whether AWS looks actions and condition keys up when it takes the policy. */
  readonly looksUp?: boolean;
  /** IAM's own policies have Sids of letters and digits; those of resources may have spaces. */
  readonly plainSids?: boolean;
  readonly limit?: PolicyLimit;
}

export interface PolicyLimit {
  readonly max: number;
  /** IAM counts no white space. */
  readonly unit: 'characters without white space' | 'characters' | 'bytes';
  readonly source: string;
  /** Where all policies of one owner are counted together: the input that names the owner. */
  readonly together?: string;
}

const QUOTAS = 'IAM User Guide, "IAM and AWS STS quotas"';

const inIam = (max: number, together?: string): { limit: PolicyLimit } => ({
  limit: {
    ...{ max, unit: 'characters without white space', source: QUOTAS },
    ...(together !== undefined && { together }),
  },
});

const inBytes = (max: number, source: string): { limit: PolicyLimit } => ({
  limit: { max, unit: 'bytes', source },
});

const ofModel = (document: string): { limit: PolicyLimit } => {
  const { from, lengths } = shapesOf();
  const { max, source } = lengths[document] as Length;
  return { limit: { max, unit: 'characters', source: `${from.package} ${from.version}, ${source}` } };
};

const IDENTITY = { principal: 'none', resource: 'required', plainSids: true } as const;
const RESOURCE = { principal: 'required', resource: 'required' } as const;

const MANAGED: PolicyKind = { name: 'managed policy', ...IDENTITY, ...inIam(6144) };
const ROLE: PolicyKind = { name: 'inline policy of a role', ...IDENTITY, ...inIam(10_240, 'role') };
const USER: PolicyKind = { name: 'inline policy of a user', ...IDENTITY, ...inIam(2048, 'user') };
const GROUP: PolicyKind = { name: 'inline policy of a group', ...IDENTITY, ...inIam(5120, 'group') };
const PERMISSION_SET: PolicyKind = { name: 'permission set', ...IDENTITY, ...inIam(32_768) };
export const TRUST: PolicyKind = {
  ...{ name: 'trust policy', principal: 'required', resource: 'none', plainSids: true },
  ...{ services: ['sts'], looksUp: true },
  ...inIam(2048),
};
export const BUCKET: PolicyKind = {
  ...{ name: 'bucket policy', ...RESOURCE, services: ['s3', 's3express'], looksUp: true },
  ...inBytes(20 * 1024, 'S3 User Guide, "Bucket policies"'),
};
const ACCESS_POINT: PolicyKind = {
  ...{ name: 'access point policy', ...RESOURCE, services: ['s3', 's3express', 's3-object-lambda'] },
  ...inBytes(20 * 1024, 'S3 User Guide, "Access points restrictions and limitations"'),
};
export const KEY: PolicyKind = {
  ...{ name: 'key policy', ...RESOURCE, services: ['kms'], looksUp: true },
  ...inBytes(32 * 1024, 'KMS Developer Guide, "Resource quotas"'),
};
const QUEUE: PolicyKind = { name: 'queue policy', ...RESOURCE, services: ['sqs'], looksUp: true };
const TOPIC: PolicyKind = { name: 'topic policy', ...RESOURCE, services: ['sns'], looksUp: true };
const REPOSITORY: PolicyKind = {
  ...{ name: 'repository policy', principal: 'required', resource: 'none', services: ['ecr', 'ecr-public'] },
  ...ofModel('repository'),
};
const SECRET: PolicyKind = {
  ...{ name: 'policy of a secret', ...RESOURCE, services: ['secretsmanager'] },
  ...ofModel('secret'),
};
const FILE_SYSTEM: PolicyKind = {
  ...{ name: 'file system policy', principal: 'required', resource: 'optional' },
  services: ['elasticfilesystem'],
  ...ofModel('fileSystem'),
};
const LOGS: PolicyKind = {
  name: 'policy of log groups',
  ...RESOURCE,
  services: ['logs'],
  ...ofModel('logs'),
};
const EVENT_BUS: PolicyKind = { name: 'event bus policy', ...RESOURCE, services: ['events', 'schemas'] };
const ENDPOINT: PolicyKind = {
  ...{ name: 'endpoint policy', ...RESOURCE },
  limit: { max: 20_480, unit: 'characters', source: 'AWS PrivateLink Guide, "Endpoint policies"' },
};
const CONTROL: PolicyKind = { name: 'service control policy', principal: 'optional', resource: 'required' };

/** Any other document with statements. */
export const ANY_POLICY: PolicyKind = { name: 'policy', principal: 'optional', resource: 'optional' };

/** By type and input, what kind of policy it is. Lists and objects on the way are part of the path. */
export const POLICIES: { readonly [type: string]: { readonly [input: string]: PolicyKind } } = {
  'aws:iam/policy:Policy': { policy: MANAGED },
  'aws:iam/rolePolicy:RolePolicy': { policy: ROLE },
  'aws:iam/userPolicy:UserPolicy': { policy: USER },
  'aws:iam/groupPolicy:GroupPolicy': { policy: GROUP },
  'aws:iam/role:Role': { assumeRolePolicy: TRUST, 'inlinePolicies[].policy': ROLE },
  'aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy': { inlinePolicy: PERMISSION_SET },
  'aws:s3/bucketPolicy:BucketPolicy': { policy: BUCKET },
  'aws:s3/bucket:Bucket': { policy: BUCKET },
  'aws:s3/bucketV2:BucketV2': { policy: BUCKET },
  'aws:s3/accessPoint:AccessPoint': { policy: ACCESS_POINT },
  'aws:s3control/accessPointPolicy:AccessPointPolicy': { policy: ACCESS_POINT },
  'aws:kms/key:Key': { policy: KEY },
  'aws:kms/keyPolicy:KeyPolicy': { policy: KEY },
  'aws:kms/replicaKey:ReplicaKey': { policy: KEY },
  'aws:kms/externalKey:ExternalKey': { policy: KEY },
  'aws:sqs/queue:Queue': { policy: QUEUE },
  'aws:sqs/queuePolicy:QueuePolicy': { policy: QUEUE },
  'aws:sns/topic:Topic': { policy: TOPIC },
  'aws:sns/topicPolicy:TopicPolicy': { policy: TOPIC },
  'aws:ecr/repositoryPolicy:RepositoryPolicy': { policy: REPOSITORY },
  'aws:ecrpublic/repositoryPolicy:RepositoryPolicy': { policy: REPOSITORY },
  'aws:secretsmanager/secret:Secret': { policy: SECRET },
  'aws:secretsmanager/secretPolicy:SecretPolicy': { policy: SECRET },
  'aws:efs/fileSystemPolicy:FileSystemPolicy': { policy: FILE_SYSTEM },
  'aws:cloudwatch/logResourcePolicy:LogResourcePolicy': { policyDocument: LOGS },
  'aws:cloudwatch/eventBusPolicy:EventBusPolicy': { policy: EVENT_BUS },
  'aws:ec2/vpcEndpoint:VpcEndpoint': { policy: ENDPOINT },
  'aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy': { policy: ENDPOINT },
  'aws:organizations/policy:Policy': { content: CONTROL },
};
