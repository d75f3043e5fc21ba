import * as cloudwatch from '@pulumi/aws/cloudwatch';
import { getRegionOutput } from '@pulumi/aws/getRegion';
import * as pulumi from '@pulumi/pulumi';
import { childrenOf, plainName } from '../kit';
import type { MediaDashboardsArgs, MediaDashboardsOptions, MediaDashboardsTransforms } from './args';
import { channelDashboard } from './channel-dashboard';
import { dashboardUrl } from './console';
import type { DashboardBody, Facts } from './facts';
import { fleetDashboard } from './fleet-dashboard';
import { normalise, type NormalDashboards } from './normalise';
import { openFacts } from './open-facts';

/** The raw resources. */
export interface MediaDashboardsNodes {
  readonly fleet: cloudwatch.Dashboard;
  /** By the ids of the channels; empty without `perChannel`. */
  readonly channels: Readonly<Record<string, cloudwatch.Dashboard>>;
}

/** What its dashboards share. */
interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  readonly transform: MediaDashboardsTransforms;
  readonly region: pulumi.Output<string>;
  readonly facts: pulumi.Output<Facts>;
}

const childOf = childrenOf<MediaDashboardsTransforms>();

/**
 * Dashboards of CloudWatch: the fleet at a glance, with a line a channel in each graph, the alarms that have gone off, the
 * live origin and the distributions; and one of each channel, with its alarms, its contribution, its GPU and what its
 * encoder warns of. They read the metrics that the runtime and AWS write anyway.
 *
 * ### Cost
 * us-east-1, months of 730 h; prices are assumed: $3.00 a dashboard, after the account's first three.
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | the fleet's dashboard | 1 x $3.00 | 3.00 |
 * | a channel's dashboard | 1 x $3.00 | 3.00 |
 *
 * So 25 channels are $78.00 a month, or $3.00 with `perChannel: false`; whether anybody looks or watches makes no difference.
 * An open channel's dashboard asks Logs Insights each time that it is drawn anew: $0.005 a GB of its log that is read.
 */
export class MediaDashboards extends pulumi.ComponentResource {
  static readonly __pulumiType = 'aws-media:index:MediaDashboards';

  /** Where the fleet's dashboard is. */
  declare readonly fleetUrl: pulumi.Output<string>;
  /** Where each channel's dashboard is, by the channels' ids; empty without `perChannel`. */
  declare readonly channelUrls: pulumi.Output<Record<string, string>>;
  declare readonly nodes: MediaDashboardsNodes;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: MediaDashboardsArgs, options: MediaDashboardsOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = `MediaDashboards ${JSON.stringify(name)}`;
    const normal = opts.urn ? undefined : normalise(owner, name, args, transform);
    super(MediaDashboards.__pulumiType, name, normal ? stored(normal) : {}, opts);
    if (!normal) return;

    const { region } = getRegionOutput({}, { parent: this });
    const facts = pulumi.output(openFacts(name, normal, region)) as pulumi.Output<Facts>;
    const family: Family = { component: this, name, transform, region, facts };
    const fleet = createDashboard(family, 'fleet', 'fleet', fleetDashboard);
    const channels = normal.perChannel ? createChannels(family, Object.keys(normal.fleet.placements)) : {};

    this.nodes = { fleet, channels };
    this.fleetUrl = urlOf(family, fleet);
    this.channelUrls = pulumi.all(
      Object.fromEntries(Object.entries(channels).map(([id, dashboard]) => [id, urlOf(family, dashboard)])),
    );
    this.registerOutputs({ fleetUrl: this.fleetUrl, channelUrls: this.channelUrls });
  }
}

/** What is kept of the arguments in the state: no components. */
const stored = ({ fleet, perChannel }: NormalDashboards) => ({
  channels: Object.keys(fleet.placements).sort(),
  perChannel,
});

const createChannels = (family: Family, ids: readonly string[]): Record<string, cloudwatch.Dashboard> =>
  Object.fromEntries(
    ids.map((id) => [
      id,
      createDashboard(family, 'channel', `channel-${id}`, (facts) => channelDashboard(facts, id)),
    ]),
  );

function createDashboard(
  family: Family,
  kind: keyof MediaDashboardsTransforms,
  suffix: string,
  bodyOf: (facts: Facts) => DashboardBody,
): cloudwatch.Dashboard {
  const child = `${family.name}-${suffix}`;
  const args: cloudwatch.DashboardArgs = {
    dashboardName: plainName(child),
    dashboardBody: family.facts.apply((facts) => JSON.stringify(bodyOf(facts))),
  };
  return new cloudwatch.Dashboard(...childOf(family, kind, child, args));
}

const urlOf = ({ region }: Family, { dashboardName }: cloudwatch.Dashboard): pulumi.Output<string> =>
  pulumi.all([region, dashboardName]).apply(([at, name]) => dashboardUrl(at, name));
