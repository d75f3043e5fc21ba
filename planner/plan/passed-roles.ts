import { fields, list, parsed, type Reader } from './reader';
import type { GraphResource, GraphValue } from '../graph/types';
import type { PassedRole } from './types';

const ROLE = 'aws:iam/role:Role';
const PROFILE = 'aws:iam/instanceProfile:InstanceProfile';

/** Roles that a resource outside of IAM is given, and roles in instance profiles: each takes `iam:PassRole`. */
export function passedRolesOf(reader: Reader): PassedRole[] {
  const to = new Map<string, Set<string>>();
  const foreign = new Map<string, Set<string>>();
  for (const resource of reader.made) {
    const isProfile = resource.type === PROFILE;
    if (resource.type.startsWith('aws:iam/') && !isProfile) continue;
    for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
      if (!isProfile && !isRoleProperty(property, resource)) continue;
      for (const urn of urns) if (reader.byUrn(urn)?.type === ROLE) add(to, urn, reader.path(resource));
    }
    for (const [property, value] of Object.entries(resource.inputs)) {
      if (typeof value !== 'string' || !/^arn:[\w-]+:iam::\d{12}:role\//.test(value)) continue;
      const isMade = (resource.propertyDependencies[property] ?? []).length > 0;
      if (!isMade) add(foreign, value, reader.path(resource));
    }
  }
  const made = reader
    .ofType(ROLE)
    .filter(({ urn }) => to.has(urn))
    .map((role) => ({ role: reader.path(role), services: trusted(role), to: [...to.get(role.urn)!].sort() }));
  const others = [...foreign].map(([role, paths]) => ({ role, services: [], to: [...paths].sort() }));
  return [...made, ...others].sort((a, b) => (a.role < b.role ? -1 : 1));
}

/** A policy of a bucket names roles too, and takes none. */
function isRoleProperty(property: string, { type }: GraphResource): boolean {
  return (
    /role(arn)?s?$/i.test(property) ||
    (type === 'aws:ec2/launchTemplate:LaunchTemplate' && property === 'iamInstanceProfile')
  );
}

function add(map: Map<string, Set<string>>, key: string, path: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(path));
}

function trusted(role: GraphResource): string[] {
  const document = fields(parsed(role.inputs['assumeRolePolicy']) as GraphValue);
  const statements = Array.isArray(document['Statement'])
    ? list(document['Statement'])
    : [document['Statement'] as GraphValue];
  const services = statements.flatMap((statement) => {
    const service = fields(fields(statement)['Principal'])['Service'] ?? [];
    return Array.isArray(service) ? list(service) : [service];
  });
  return [...new Set(services.filter((each) => typeof each === 'string'))].sort();
}
