/** Arguments of MediaDashboards. */
import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as pulumi from '@pulumi/pulumi';
import type { Transform } from '../kit';
import type { DashboardCdn, DashboardFleet, DashboardOrigin } from './neighbours';

/** Arguments of MediaDashboards. */
export interface MediaDashboardsArgs {
  /** The encoders: an NvencEncodeFleet. */
  readonly fleet: DashboardFleet;
  /** The live origin: an LlHlsOrigin. @default its figures are not shown */
  readonly origin?: DashboardOrigin;
  /** The distributions: a StreamingCdn. @default their figures are not shown */
  readonly cdn?: DashboardCdn;
  /** Whether each channel has a dashboard of its own, besides that of the fleet. @default true */
  readonly perChannel?: boolean;
  /** How far back dashboards show at first: 5 minutes to 60 days. @default '3 hours' @example '30 minutes' */
  readonly shows?: string;
  /** URL of the runbook, which dashboards link to. @default none: docs/runbook.md of this package is named */
  readonly runbook?: string;
}

/** The arguments' names. */
export const DASHBOARD_ARGUMENTS = [
  'fleet',
  'origin',
  'cdn',
  'perChannel',
  'shows',
  'runbook',
] as const satisfies readonly (keyof MediaDashboardsArgs)[];

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface MediaDashboardsTransforms {
  /** Of the fleet. */
  readonly fleet?: Transform<cloudwatch.DashboardArgs>;
  /** Of each channel. */
  readonly channel?: Transform<cloudwatch.DashboardArgs>;
}

/** The kinds of child that can be changed. */
export const DASHBOARD_TRANSFORMS = [
  'fleet',
  'channel',
] as const satisfies readonly (keyof MediaDashboardsTransforms)[];

/** Options of the resource, and changes to its children. */
export interface MediaDashboardsOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: MediaDashboardsTransforms;
}
