/** What dashboards are made of, as plain values. */

/** ARNs of alarms by the sections of the runbook. */
export type AlarmArns = Readonly<Record<string, string>>;

/** A zone of the live origin. */
export interface OriginZoneFacts {
  readonly service: string;
  /** End of the target group's ARN, as its metrics have it. */
  readonly targetGroup: string;
  readonly alarms: AlarmArns;
}

export interface OriginFacts {
  readonly cluster: string;
  /** End of the load balancer's ARN. */
  readonly loadBalancer: string;
  readonly alarms: AlarmArns;
  /** By the ids of the zones. */
  readonly zones: Readonly<Record<string, OriginZoneFacts>>;
}

export interface ChannelFacts {
  readonly zone: string;
  readonly logGroup: string;
  readonly alarms: AlarmArns;
}

export interface DistributionFacts {
  readonly id: string;
  readonly alarms: AlarmArns;
}

/** All that there is to show. */
export interface Facts {
  /** Name of the component. */
  readonly name: string;
  readonly region: string;
  readonly runbook: string | undefined;
  readonly shows: string;
  readonly fleet: { readonly cluster: string; readonly alarms: AlarmArns };
  /** By their ids. */
  readonly channels: Readonly<Record<string, ChannelFacts>>;
  readonly origin: OriginFacts | undefined;
  /** By their numbers. */
  readonly distributions: Readonly<Record<string, DistributionFacts>>;
}

/** The body of a dashboard. */
export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: 'inherit';
  readonly widgets: readonly object[];
}
