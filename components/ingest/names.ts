/** Names of load balancers and target groups: 32 characters, and another one wherever AWS replaces the resource. */
import { createHash } from 'node:crypto';
import type { NameContext } from '../kit';

interface NameLimit {
  readonly maxLength: number;
  /** What a name may not contain; each run of it becomes a hyphen. */
  readonly forbidden: RegExp;
}

/** Elastic Load Balancing API Reference, CreateLoadBalancer and CreateTargetGroup: letters, digits and hyphens. */
const BALANCER: NameLimit = { maxLength: 32, forbidden: /[^A-Za-z0-9]+/g };

/** Limits of physical names, by resource type, each with its source. */
export const INGEST_NAME_LIMITS = {
  'aws:lb/loadBalancer:LoadBalancer': BALANCER,
  'aws:lb/targetGroup:TargetGroup': BALANCER,
  /** Global Accelerator API Reference, CreateAccelerator: up to 64 letters, digits, periods and hyphens. */
  'aws:globalaccelerator/accelerator:Accelerator': { maxLength: 64, forbidden: /[^A-Za-z0-9]+/g },
  /** EC2 API Reference, CreateSecurityGroup: up to 255 characters, not beginning with sg-. */
  'aws:ec2/securityGroup:SecurityGroup': { maxLength: 255, forbidden: /[^A-Za-z0-9]+/g },
} as const satisfies Record<string, NameLimit>;

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

const HASH_DIGITS = 8;

/**
 * `<project>-<stack>-<name>-<hash>`; where that is too long the project goes first, then the stack, then the end of the
 * name.
 * @param fixed what cannot be changed in place: it is in the hash, so a replacement has a name of its own and can be
 * made before the old resource goes
 */
export function ingestName(
  type: keyof typeof INGEST_NAME_LIMITS,
  { organization, project, stack, name }: NameContext,
  fixed: readonly (string | number | boolean)[] = [],
): string {
  const { maxLength, forbidden }: NameLimit = INGEST_NAME_LIMITS[type];
  const hash = createHash('sha256')
    .update(JSON.stringify([organization, project, stack, name, ...fixed]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const room = maxLength - hash.length - 1;
  const candidates = [[project, stack, name], [stack, name], [name]].map((parts) => clean(parts, forbidden));
  const fitting =
    candidates.find((text) => text.length <= room) ?? trimmed(candidates.at(-1)!.slice(0, room));
  return fitting ? `${fitting}-${hash}` : `media-${hash}`;
}

/** AWS keeps what begins with internal- (load balancers) and sg- (security groups) for itself. */
function clean(parts: readonly string[], forbidden: RegExp): string {
  const text = trimmed(parts.join('-').replace(forbidden, '-'));
  return /^(?:internal|sg)(?:-|$)/i.test(text) ? `media-${text}` : text;
}

const trimmed = (text: string): string => text.replace(/^-+|-+$/g, '');
