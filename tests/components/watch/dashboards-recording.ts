/** Dashboards named `watch` in the stack `test` of the project `video`, recorded beside what they show. */
import * as pulumi from '@pulumi/pulumi';
import { StreamingCdn } from '../../../components/delivery/cdn';
import { NvencEncodeFleet } from '../../../components/encode/fleet';
import { LlHlsOrigin } from '../../../components/origin';
import type { TieredSegmentStore } from '../../../components/storage';
import {
  MediaDashboards,
  type DashboardFleet,
  type MediaDashboardsArgs,
  type MediaDashboardsOptions,
} from '../../../components/watch';
import type { ComponentRecordingOptions } from '../../../testing';
import { full as fullFleet, makeStore, minimal as minimalFleet } from '../encode/fleet/fleet-recording';
import { MINIMAL as CDN_MINIMAL } from '../delivery/cdn/cdn-recording';
import { full as fullOrigin } from '../origin/origin-recording';
import { recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

/** A fleet and nothing else. */
export const minimal = (): MediaDashboardsArgs => ({
  fleet: new NvencEncodeFleet('live', minimalFleet(makeStore())),
});

/** All that can be shown, of one store. */
export function full(): MediaDashboardsArgs {
  const args = fullFleet();
  return {
    fleet: new NvencEncodeFleet('live', args),
    origin: new LlHlsOrigin('origin', fullOrigin(args.store as TieredSegmentStore)),
    cdn: new StreamingCdn('cdn', { ...CDN_MINIMAL, distributions: 2 }),
    perChannel: true,
    shows: '6 hours',
    runbook: 'https://example.com/runbook',
  };
}

/** What dashboards need of a fleet, without one. */
export function fleetOf(channels: number): DashboardFleet {
  const ids = Array.from({ length: channels }, (_, n) => `c${n}`);
  const each = <T>(value: T) => Object.fromEntries(ids.map((id) => [id, value]));
  return {
    clusterName: pulumi.output('cluster'),
    logGroupNames: pulumi.output(each('log')),
    placements: each({ zone: 'use1-az4' }),
    nodes: { alarms: {}, channels: each({ alarms: {} }) },
  };
}

/** @param make what is shown, made in the program itself */
export const recordDashboards = (
  make: () => MediaDashboardsArgs = minimal,
  options?: MediaDashboardsOptions,
  recording?: ComponentRecordingOptions,
): Promise<Recorded> =>
  recordProgramOf(() => {
    const { fleetUrl, channelUrls } = new MediaDashboards('watch', make(), options);
    return { fleetUrl, channelUrls };
  }, recording);

/** What the dashboards refuse at once, with nothing begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(
    () => new MediaDashboards('watch', args as MediaDashboardsArgs, options as MediaDashboardsOptions),
  );

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly markdown?: string;
    readonly query?: string;
    readonly stat?: string;
    readonly alarms?: readonly string[];
    readonly states?: readonly string[];
    readonly metrics?: readonly (readonly (string | Readonly<Record<string, unknown>>)[])[];
    readonly annotations?: {
      readonly horizontal: readonly { readonly label: string; readonly value: number }[];
    };
  };
}

export interface Body {
  readonly start: string;
  readonly periodOverride: string;
  readonly widgets: readonly Widget[];
}

export const body = (recorded: Recorded, name: string): Body => recorded.json(name, 'dashboardBody') as Body;

/** The widget of that title. */
export function widget({ widgets }: Body, title: string): Widget {
  const found = widgets.filter(({ properties }) => properties.title === title);
  if (found.length !== 1) throw new Error(`${found.length} widgets are called ${title}`);
  return found[0]!;
}
