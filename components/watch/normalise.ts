/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import {
  DURATION_FORM,
  InputProblems,
  flag,
  isObject,
  isPlain,
  parseDuration,
  rule,
  type Judge,
} from '../kit';
import {
  DASHBOARD_ARGUMENTS,
  DASHBOARD_TRANSFORMS,
  type MediaDashboardsArgs,
  type MediaDashboardsTransforms,
} from './args';
import { channelDashboard } from './channel-dashboard';
import { fleetDashboard } from './fleet-dashboard';
import { checkLimits } from './limits';
import type { DashboardCdn, DashboardFleet, DashboardOrigin } from './neighbours';
import { countable, openFacts } from './open-facts';

export interface NormalDashboards {
  readonly fleet: DashboardFleet;
  readonly origin: DashboardOrigin | undefined;
  readonly cdn: DashboardCdn | undefined;
  readonly perChannel: boolean;
  /** As an ISO 8601 duration. */
  readonly shows: string;
  readonly runbook: string | undefined;
}

const SHOWS = { default: '3 hours', from: 5 * 60, to: 60 * 86_400 } as const;

/** Whether it is an object with these properties. */
const has =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    isPlain(value) && names.every((name) => isPlain(value[name]));

const isFleet = rule(
  (value) => has('placements', 'nodes')(value) && has('channels', 'alarms')((value as DashboardFleet).nodes),
  'an NvencEncodeFleet, or what has its outputs',
  'write { fleet }, the component itself',
);
const isOrigin = rule(
  (value) =>
    has('nodes')(value) &&
    has('loadBalancer', 'targetGroups', 'zones', 'alarms')((value as DashboardOrigin).nodes),
  'an LlHlsOrigin, or what has its outputs',
  'write { origin }, the component itself',
);
const isCdn = rule(
  (value) => has('nodes')(value) && has('distributions')((value as DashboardCdn).nodes),
  'a StreamingCdn, or what has its outputs',
  'write { cdn }, the component itself',
);
const isRunbook = rule(
  (value) => typeof value === 'string' && /^https:\/\/[^\s()]{1,400}$/.test(value),
  'a URL that begins with https://, of at most 400 characters',
  'give the URL of your copy of the runbook',
);
const isShown: Judge<unknown> = (value) => {
  const seconds = parseDuration(value);
  if (seconds !== undefined && seconds >= SHOWS.from && seconds <= SHOWS.to && seconds % 60 === 0)
    return undefined;
  return { allowed: `5 minutes to 60 days (${DURATION_FORM})`, fix: `write '3 hours'` };
};

/**
 * @param owner as errors name the component
 * @throws pulumi.InputPropertiesError with everything that can be seen now
 */
export function normalise(
  owner: string,
  name: string,
  given: MediaDashboardsArgs,
  transform: MediaDashboardsTransforms,
): NormalDashboards {
  const problems = new InputProblems(owner);
  const args = (
    isObject(problems, 'args', given, '{ fleet, origin, cdn }') ? given : {}
  ) as MediaDashboardsArgs;
  problems.checkNames('', args, DASHBOARD_ARGUMENTS);
  if (isObject(problems, 'transform', transform, `{ fleet: { dashboardName: 'live' } }`)) {
    problems.checkNames('transform', transform, DASHBOARD_TRANSFORMS);
  }
  const { fleet, origin, cdn, perChannel = true, shows = SHOWS.default, runbook } = args;
  problems.judge('perChannel', perChannel, flag);
  problems.judge('shows', shows, isShown);
  if (runbook !== undefined) problems.judge('runbook', runbook, isRunbook);
  const neighbours = [isFleet(fleet), origin && isOrigin(origin), cdn && isCdn(cdn)];
  problems.judge('fleet', fleet, isFleet);
  if (origin !== undefined) problems.judge('origin', origin, isOrigin);
  if (cdn !== undefined) problems.judge('cdn', cdn, isCdn);
  const minutes = (parseDuration(shows) ?? 0) / 60;
  const normal = { fleet, origin, cdn, perChannel, shows: `PT${minutes}M`, runbook };
  // What is none of these cannot be counted.
  if (neighbours.every((problem) => !problem)) checkBodies(problems, name, normal);
  problems.throwIfAny();
  return normal;
}

/** Before anything exists it is known how much there is to show, but not yet by which names. */
function checkBodies(problems: InputProblems, name: string, normal: NormalDashboards): void {
  const facts = countable(openFacts(name, normal, ''));
  checkLimits(problems, 'the dashboard of the fleet', facts, fleetDashboard(facts));
  const [first] = Object.keys(facts.channels);
  // They are alike.
  if (normal.perChannel && first !== undefined)
    checkLimits(problems, "a channel's dashboard", facts, channelDashboard(facts, first));
}
