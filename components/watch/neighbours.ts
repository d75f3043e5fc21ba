/** What dashboards need of the components that they show: an NvencEncodeFleet, an LlHlsOrigin and a StreamingCdn have it. */
import type * as pulumi from '@pulumi/pulumi';

/** Alarms of CloudWatch by the sections of the runbook. */
export type DashboardAlarms = Readonly<Record<string, { readonly arn: pulumi.Output<string> }>>;

/** Encoders. */
export interface DashboardFleet {
  readonly clusterName: pulumi.Output<string>;
  /** By the ids of the channels. */
  readonly logGroupNames: pulumi.Output<Record<string, string>>;
  /** The channels by their ids, and where each is. */
  readonly placements: Readonly<Record<string, { readonly zone: string }>>;
  readonly nodes: {
    readonly alarms: DashboardAlarms;
    readonly channels: Readonly<Record<string, { readonly alarms: DashboardAlarms }>>;
  };
}

/** Live origins. */
export interface DashboardOrigin {
  readonly clusterName: pulumi.Output<string>;
  /** By the ids of the zones; what each service's tasks call themselves in their metrics, too. */
  readonly serviceNames: pulumi.Output<Record<string, string>>;
  readonly nodes: {
    readonly alarms: DashboardAlarms;
    readonly loadBalancer: { readonly arnSuffix: pulumi.Output<string> };
    /** By the ids of the zones. */
    readonly targetGroups: Readonly<Record<string, { readonly arnSuffix: pulumi.Output<string> }>>;
    readonly zones: Readonly<Record<string, { readonly alarms: DashboardAlarms }>>;
  };
}

/** Distributions. */
export interface DashboardCdn {
  readonly nodes: {
    /** By their numbers. */
    readonly distributions: Readonly<
      Record<
        string,
        { readonly distribution: { readonly id: pulumi.Output<string> }; readonly alarms: DashboardAlarms }
      >
    >;
  };
}
