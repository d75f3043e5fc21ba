/** Actions, resources and condition keys that there are, from AWS's service authorization reference. */
import { hasWildcard, matchesAction } from '../../privileges/patterns';
import { writtenReference, type WrittenService } from '../data';
import { closest } from '../problems';
import { arnParts, overlap, policyPattern, templatePattern } from './globs';

/** An action of a service. */
export interface KnownAction {
  /** As AWS writes it: `s3:GetObject`. */
  readonly name: string;
  readonly service: string;
  /** Templates of the resources that it can be limited to; empty where it is for `*` only. */
  readonly arns: readonly string[];
  /** Condition keys of the service that it has, with their types; the global ones are not among them. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface KnownKey {
  readonly name: string;
  /** Such as `String`, `ArrayOfString`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress`. */
  readonly type: string;
}

/**
 * Resources that requests are judged with although the reference has none for the action.
 * `logs:DescribeLogGroups`: the reference asks for "*", and AWS's denials name a log group's ARN
 * (`... is not authorized to perform: logs:DescribeLogGroups on resource: arn:aws:logs:eu-west-1:...:log-group:...`,
 * maxbanton/cwh#83), so a pattern of log groups lets it pass.
 */
const OBSERVED: Readonly<Record<string, readonly string[]>> = {
  'logs:DescribeLogGroups': ['arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}'],
};

const services = new Map<string, readonly KnownAction[]>();
const met = new Map<string, boolean>();

/** Package, version and day of the data. */
export function iamOrigin(): { readonly package: string; readonly version: string; readonly date: string } {
  const { from } = writtenReference();
  return { package: from.package, version: from.version, date: from.date ?? '' };
}

/** The source as findings give it. */
export function iamSource(): string {
  return `service authorization reference of ${iamOrigin().date}`;
}

export function hasService(prefix: string): boolean {
  return Object.hasOwn(writtenReference().services, prefix.toLowerCase());
}

export function nearestService(prefix: string): string | undefined {
  return closest(prefix, Object.keys(writtenReference().services));
}

/** All actions of a service; none for one that is not known. */
export function actionsOf(prefix: string): readonly KnownAction[] {
  const service = prefix.toLowerCase();
  let known = services.get(service);
  if (known === undefined) {
    known = hasService(service) ? written(service, writtenReference().services[service]!) : [];
    services.set(service, known);
  }
  return known;
}

function written(service: string, { arns, keys, actions }: WrittenService): KnownAction[] {
  const all = Object.entries(keys);
  return Object.entries(actions).map(([name, [own, ownKeys]]) => ({
    ...{ name: `${service}:${name}`, service },
    arns: [...own.map((n) => arns[n]!), ...(OBSERVED[`${service}:${name}`] ?? [])],
    keys: Object.fromEntries(ownKeys.map((n) => all[n]!)),
  }));
}

/** The actions that a pattern such as `ecs:Describe*` stands for. The prefix itself has no wildcards. */
export function actionsLike(pattern: string): readonly KnownAction[] {
  const known = actionsOf(pattern.slice(0, pattern.indexOf(':')));
  if (hasWildcard(pattern)) return known.filter(({ name }) => matchesAction(pattern, name));
  const wanted = pattern.toLowerCase();
  return known.filter(({ name }) => name.toLowerCase() === wanted);
}

/** The action that a misspelt one is nearest to. */
export function nearestAction(action: string): string | undefined {
  const [prefix = '', name = ''] = action.split(':');
  const known = actionsOf(prefix).map((each) => each.name.slice(prefix.length + 1));
  const found = closest(name, known);
  return found === undefined ? undefined : `${prefix}:${found}`;
}

/** A condition key of all services; undefined where there is none of that name. */
export function globalKey(key: string): KnownKey | undefined {
  return keyAmong(writtenReference().global, key);
}

export function nearestGlobalKey(key: string): string | undefined {
  return closest(key, Object.keys(writtenReference().global));
}

/** A condition key of a service. */
export function serviceKey(prefix: string, key: string): KnownKey | undefined {
  const service = prefix.toLowerCase();
  return hasService(service) ? keyAmong(writtenReference().services[service]!.keys, key) : undefined;
}

export function nearestServiceKey(prefix: string, key: string): string | undefined {
  const service = writtenReference().services[prefix.toLowerCase()];
  return service === undefined ? undefined : closest(key, Object.keys(service.keys));
}

/** Names of keys have no case, and some have a part that is the policy's own: `aws:RequestTag/${TagKey}`. */
export function keyAmong(keys: Readonly<Record<string, string>>, key: string): KnownKey | undefined {
  const wanted = key.toLowerCase();
  for (const [name, type] of Object.entries(keys)) {
    const known = name.toLowerCase();
    if (known === wanted || (known.includes('${') && like(known).test(wanted))) return { name, type };
  }
  return undefined;
}

function like(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}

/** Whether a resource of a policy can be one of a template. */
export function canBe(resource: string, template: string): boolean {
  const question = `${resource} ${template}`;
  let answer = met.get(question);
  if (answer === undefined) {
    const [wanted, known] = [arnParts(resource), arnParts(template)];
    answer =
      resource === '*' ||
      (wanted.length === known.length &&
        known.every((part, n) => overlap(policyPattern(wanted[n]!), templatePattern(part))));
    met.set(question, answer);
  }
  return answer;
}

/** `ecs` of `ecs.amazonaws.com`, where any service is known to be called so. */
export function isServiceName(name: string): boolean {
  return hasService(name) || writtenReference().serviceNames.includes(name);
}
