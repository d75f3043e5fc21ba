/** The dashboards of a stack, as far as they are wanted. */
import type * as pulumi from '@pulumi/pulumi';
import { LlHlsOrigin, type NvencEncodeFleet, type StreamingCdn } from '../components';
import { MediaDashboards } from '../components/watch';
import type { StackSettings } from './environment';
import type { FromConfiguration } from './from-configuration';

/** Where the console shows them: that of the fleet, and those of channels by their ids. */
export interface DashboardLinks {
  readonly fleet?: pulumi.Output<string>;
  readonly channels?: pulumi.Output<Record<string, string>>;
}

/** Each costs money after the account's first three. */
const BY_ENVIRONMENT = { local: 'none', dev: 'none', staging: 'channels', prod: 'channels' } as const;

/** What they show: components, and stand-ins of those that were refused. */
export interface Shown {
  readonly fleet: NvencEncodeFleet | undefined;
  readonly origin: unknown;
  readonly cdn: StreamingCdn | undefined;
}

export function dashboards(
  { environment, dashboards: wanted }: StackSettings,
  configured: FromConfiguration,
  { fleet, origin, cdn }: Shown,
): DashboardLinks {
  const kind = wanted === '' ? BY_ENVIRONMENT[environment] : wanted;
  if (kind === 'none' || !fleet || !cdn || !(origin instanceof LlHlsOrigin)) return {};
  const made = configured.make(
    { fleet: 'channels' },
    () => new MediaDashboards('dashboards', { fleet, origin, cdn, perChannel: kind === 'channels' }),
    () => undefined,
  );
  return made ? { fleet: made.fleetUrl, ...(kind === 'channels' && { channels: made.channelUrls }) } : {};
}
