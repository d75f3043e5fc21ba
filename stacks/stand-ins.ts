/**
 * In place of components that were refused, so that those which need them are judged too. What is made of them is never
 * asked of AWS: the program ends with all refusals before.
 */
import * as pulumi from '@pulumi/pulumi';
import type {
  CdnOrigin,
  CdnSegmentStore,
  FleetIngest,
  FleetStore,
  MediaNetwork,
  OriginChannelArgs,
  OriginStore,
} from '../components';
import type { StackSettings } from './environment';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/stand-in/0123456789abcdef';
const FIRST_PORT = 9000;

export const imageStandIn = (): string => `registry.example.com/stand-in@sha256:${'0'.repeat(64)}`;

export const networkStandIn = ({ zones, network }: StackSettings): MediaNetwork => ({
  vpcId: 'vpc-00000000',
  zones: Object.fromEntries(
    [...Object.keys(zones), ...(network.spareZones ?? [])].map((zone) => [
      zone,
      { publicSubnetId: 'subnet-00000000', privateSubnetId: 'subnet-00000001' },
    ]),
  ),
});

export const storeStandIn = ({ zones }: StackSettings): FleetStore & OriginStore & CdnSegmentStore => {
  const ids = Object.keys(zones);
  const names = Object.fromEntries(ids.map((zone) => [zone, `stand-in--${zone}--x-s3`]));
  return {
    runtimeEnvironment: Object.fromEntries(ids.map((zone) => [zone, { STORE: pulumi.output('stand-in') }])),
    directoryBucketNames: pulumi.output(names),
    generalBucketDomainName: 'stand-in.s3.us-east-1.amazonaws.com',
    grantWrite: () => undefined,
    grantRead: () => undefined,
    grantCloudFrontRead: () => undefined,
  };
};

/** With ports that nobody refuses. */
export const ingestStandIn = ({ channels, zones }: StackSettings): FleetIngest => ({
  targetSecurityGroupId: 'sg-00000000',
  channels: Object.fromEntries(
    Object.entries(channels).flatMap(([id, { source = 'srt', zone = Object.keys(zones)[0]! }], index) =>
      source === 'srt'
        ? [[id, { zone, port: FIRST_PORT + index, healthPort: FIRST_PORT + index, targetGroupArn: ARN }]]
        : [],
    ),
  ),
  runtimeEnvironment: Object.fromEntries(Object.keys(channels).map((id) => [id, {}])),
  grantReadPassphrase: () => undefined,
});

export const placementsStandIn = ({ channels, zones }: StackSettings): Record<string, OriginChannelArgs> =>
  Object.fromEntries(
    Object.entries(channels).map(([id, { zone = Object.keys(zones)[0]! }]) => [id, { zone }]),
  );

export const originStandIn = (): CdnOrigin => ({ domainName: 'origin.example.com' });
