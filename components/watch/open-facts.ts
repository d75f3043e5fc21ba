/** What there is to show, as far as it is known before anything exists. */
import * as pulumi from '@pulumi/pulumi';
import type { Facts } from './facts';
import type { DashboardAlarms } from './neighbours';
import type { NormalDashboards } from './normalise';

/** {@link Facts}, of which some become known later. */
export type OpenFacts = Open<Facts>;

type Open<T> = T extends string | undefined
  ? pulumi.Input<string> | T
  : { readonly [Key in keyof T]: Open<T[Key]> };

export function openFacts(
  name: string,
  { fleet, origin, cdn, shows, runbook }: NormalDashboards,
  region: pulumi.Input<string>,
): OpenFacts {
  return {
    ...{ name, region, runbook, shows },
    fleet: { cluster: fleet.clusterName, alarms: arnsOf(fleet.nodes.alarms) },
    channels: mapped(fleet.placements, ({ zone }, id) => ({
      zone,
      logGroup: fleet.logGroupNames.apply((names) => names[id]!),
      alarms: arnsOf(fleet.nodes.channels[id]?.alarms ?? {}),
    })),
    origin: origin && {
      cluster: origin.clusterName,
      loadBalancer: origin.nodes.loadBalancer.arnSuffix,
      alarms: arnsOf(origin.nodes.alarms),
      zones: mapped(origin.nodes.zones, ({ alarms }, id) => ({
        service: origin.serviceNames.apply((names) => names[id]!),
        targetGroup: origin.nodes.targetGroups[id]!.arnSuffix,
        alarms: arnsOf(alarms),
      })),
    },
    distributions: mapped(cdn?.nodes.distributions ?? {}, ({ distribution, alarms }) => ({
      id: distribution.id,
      alarms: arnsOf(alarms),
    })),
  };
}

/** With an empty text for all that is not known: enough to count by. */
export const countable = (open: OpenFacts): Facts => withoutOutputs(open) as Facts;

function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return '';
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value as Readonly<Record<string, unknown>>, withoutOutputs);
}

const arnsOf = (alarms: DashboardAlarms): Record<string, pulumi.Output<string>> =>
  mapped(alarms, ({ arn }) => arn);

const mapped = <T, R>(
  values: Readonly<Record<string, T>>,
  make: (value: T, key: string) => R,
): Record<string, R> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value, key)]));
