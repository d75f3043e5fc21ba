/** Names of load balancers and target groups: 32 characters, and another one wherever AWS replaces the resource. */
import { nameWithin, type NameContext, type NameRule } from '../kit';

/** AWS keeps what begins with internal- (load balancers) and sg- (security groups) for itself. */
const PLAIN = {
  forbidden: /[^A-Za-z0-9]+/g,
  lowerCase: false,
  reserved: /^(?:internal|sg)(?:-|$)/i,
  nameless: 'media',
} as const;

/** Elastic Load Balancing API Reference, CreateLoadBalancer and CreateTargetGroup: letters, digits and hyphens. */
const BALANCER: NameRule = { ...PLAIN, maxLength: 32 };

/** Limits of physical names, by resource type, each with its source. */
export const INGEST_NAME_LIMITS = {
  'aws:lb/loadBalancer:LoadBalancer': BALANCER,
  'aws:lb/targetGroup:TargetGroup': BALANCER,
  /** Global Accelerator API Reference, CreateAccelerator: up to 64 letters, digits, periods and hyphens. */
  'aws:globalaccelerator/accelerator:Accelerator': { ...PLAIN, maxLength: 64 },
  /** EC2 API Reference, CreateSecurityGroup: up to 255 characters, not beginning with sg-. */
  'aws:ec2/securityGroup:SecurityGroup': { ...PLAIN, maxLength: 255 },
} as const satisfies Record<string, NameRule>;

/** Named by Pulumi: the logical name, a hyphen and seven digits. */
export const AUTO_NAMED_TYPES: readonly string[] = ['aws:secretsmanager/secret:Secret'];

/**
 * What a component may be called whose secrets are named after it. Secrets Manager API Reference, CreateSecret: up to 512
 * letters, digits and /_+=.@-; a channel's id and what stands around it are 100 of them at most.
 */
export const SECRET_PREFIX = /^[A-Za-z0-9/_+=.@-]{1,400}$/;

/** Children that have no name of their own. */
export const INGEST_UNNAMED_TYPES: readonly string[] = [
  'aws:globalaccelerator/endpointGroup:EndpointGroup',
  'aws:globalaccelerator/listener:Listener',
  'aws:lb/listener:Listener',
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule',
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
];

/**
 * `<project>-<stack>-<name>-<hash>`; where that is too long the project goes first, then the stack, then the end of the
 * name.
 * @param fixed what cannot be changed in place
 */
export const ingestName = (
  type: keyof typeof INGEST_NAME_LIMITS,
  context: NameContext,
  fixed: readonly (string | number | boolean)[] = [],
): string => nameWithin(INGEST_NAME_LIMITS[type], context, { fixed });
