import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { MediaVpc } from 'pulumi-aws-media';

const config = new pulumi.Config();

/** By their ids, which are the same in every account: `pulumi config set --path 'zones[0]' use1-az5`. */
const zones = config.getObject<string[]>('zones') ?? ['use1-az4', 'use1-az6'];

const network = new MediaVpc('media', {
  zones,
  environment: 'dev',
  cidrBlock: '10.20.0.0/16',
  separateFrom: ['10.0.0.0/16'],
  flowLogs: { traffic: 'REJECT', keepFor: '1 week' },
  tags: { team: 'video' },
});

export const vpcId = network.vpcId;
/** What encoders run in, by zone. */
export const privateSubnets = Object.fromEntries(
  Object.entries(network.zones).map(([zone, { privateSubnetId }]) => [zone, privateSubnetId]),
);
/** What others see encoders come from. */
export const addresses = network.natAddresses;
/** How tasks reach AWS, and what the other way would cost. */
export const egress = network.egress;
