/** What is wrong is found although something beside it is known only in the update. */
import { expect } from 'chai';
import { UNKNOWN, type Rule, type Values } from '../../../policies/core';
import { nothingIsSharedWithEverybody } from '../../../policies/rules/data-protection/nothing-is-shared-with-everybody';
import { publicAccessBlockIsComplete } from '../../../policies/rules/data-protection/public-access-block-is-complete';
import { cacheIsEncrypted } from '../../../policies/rules/encryption/cache-is-encrypted';
import { volumeIsEncrypted } from '../../../policies/rules/encryption/volume-is-encrypted';
import { noAdministratorAttached } from '../../../policies/rules/identity/no-administrator-attached';
import { noPolicyAllowsEverything } from '../../../policies/rules/identity/no-policy-allows-everything';
import { instanceHasNoPublicAddress } from '../../../policies/rules/network/instance-has-no-public-address';
import { instanceMetadataNeedsAToken } from '../../../policies/rules/network/instance-metadata-needs-a-token';
import { kubernetesApiIsNotOpenToEverybody } from '../../../policies/rules/network/kubernetes-api-is-not-open-to-everybody';
import { noSshOrRdpFromAnywhere } from '../../../policies/rules/network/no-ssh-or-rdp-from-anywhere';
import { onlyListedPortsFromAnywhere } from '../../../policies/rules/network/only-listed-ports-from-anywhere';
import { securityGroupRuleSaysWhy } from '../../../policies/rules/network/security-group-rule-says-why';
import { made, said } from './hand-made';

const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const NO_ADMINISTRATOR = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

interface Case {
  readonly rule: Rule;
  readonly type: string;
  readonly wrong: Values;
  readonly found: readonly string[];
  readonly right: Values;
  /** What the rule must wait for where nothing else is wrong. */
  readonly path: string;
}

const opening = (more: Values): Values => ({
  ingress: [
    { protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: [UNKNOWN], description: 'SSH' },
    { protocol: 'tcp', fromPort: 22, toPort: 22, description: 'SSH', ...more },
  ],
});
const CASES: readonly Case[] = [
  {
    rule: noSshOrRdpFromAnywhere,
    type: GROUP,
    wrong: opening({ cidrBlocks: [UNKNOWN, '0.0.0.0/0'] }),
    found: ['port 22 is open to 0.0.0.0/0'],
    right: opening({ cidrBlocks: ['10.0.0.0/8'] }),
    path: 'cidrBlocks',
  },
  {
    rule: onlyListedPortsFromAnywhere,
    type: GROUP,
    wrong: opening({ cidrBlocks: UNKNOWN, ipv6CidrBlocks: ['::/0'] }),
    found: ['TCP 22 is open to ::/0'],
    right: opening({ ipv6CidrBlocks: ['2001:db8::/32'] }),
    path: 'cidrBlocks',
  },
  {
    rule: securityGroupRuleSaysWhy,
    type: GROUP,
    wrong: { ingress: UNKNOWN, egress: [{ protocol: '-1', fromPort: 0 }] },
    found: ['a rule for egress from port 0 has no description'],
    right: { ingress: UNKNOWN, egress: [] },
    path: 'ingress',
  },
  {
    rule: instanceHasNoPublicAddress,
    type: 'aws:ec2/launchTemplate:LaunchTemplate',
    wrong: { networkInterfaces: [UNKNOWN, { associatePublicIpAddress: 'true' }] },
    found: ['it asks for a public address'],
    right: { networkInterfaces: [UNKNOWN, { associatePublicIpAddress: 'false' }] },
    path: 'networkInterfaces',
  },
  {
    rule: instanceMetadataNeedsAToken,
    type: 'aws:ec2/instance:Instance',
    wrong: { metadataOptions: { httpTokens: UNKNOWN, httpPutResponseHopLimit: 64 } },
    found: ['its answers may make 64 hops, more than 2'],
    right: { metadataOptions: { httpTokens: UNKNOWN } },
    path: 'httpTokens',
  },
  {
    rule: kubernetesApiIsNotOpenToEverybody,
    type: 'aws:eks/cluster:Cluster',
    wrong: { vpcConfig: { publicAccessCidrs: [UNKNOWN, '::/0'] } },
    found: ['its API is open to ::/0'],
    right: { vpcConfig: { publicAccessCidrs: [UNKNOWN, '203.0.113.0/24'] } },
    path: 'publicAccessCidrs',
  },
  {
    rule: volumeIsEncrypted,
    type: 'aws:ec2/launchTemplate:LaunchTemplate',
    wrong: { blockDeviceMappings: [UNKNOWN, { deviceName: '/dev/xvda', ebs: { volumeSize: 40 } }] },
    found: ['the volume /dev/xvda is not encrypted'],
    right: { blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: UNKNOWN } }] },
    path: 'encrypted',
  },
  {
    rule: cacheIsEncrypted,
    type: 'aws:elasticache/replicationGroup:ReplicationGroup',
    wrong: { atRestEncryptionEnabled: UNKNOWN, transitEncryptionEnabled: false },
    found: ['it sends without TLS'],
    right: { atRestEncryptionEnabled: UNKNOWN, transitEncryptionEnabled: true },
    path: 'atRestEncryptionEnabled',
  },
  {
    rule: publicAccessBlockIsComplete,
    type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
    wrong: { blockPublicAcls: UNKNOWN, blockPublicPolicy: true, ignorePublicAcls: true },
    found: ['restrictPublicBuckets is off'],
    right: {
      blockPublicAcls: UNKNOWN,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    path: 'blockPublicAcls',
  },
  {
    rule: nothingIsSharedWithEverybody,
    type: 'aws:rds/snapshot:Snapshot',
    wrong: { sharedAccounts: [UNKNOWN, 'all'] },
    found: ['the snapshot is shared with everybody'],
    right: { sharedAccounts: [UNKNOWN] },
    path: 'sharedAccounts',
  },
  {
    rule: noAdministratorAttached,
    type: 'aws:iam/role:Role',
    wrong: { managedPolicyArns: [UNKNOWN, 'arn:aws:iam::aws:policy/AdministratorAccess'] },
    found: ['AdministratorAccess is attached'],
    right: { managedPolicyArns: [UNKNOWN, NO_ADMINISTRATOR] },
    path: 'managedPolicyArns',
  },
  {
    rule: noPolicyAllowsEverything,
    type: 'aws:iam/role:Role',
    wrong: {
      inlinePolicies: [
        { policy: UNKNOWN },
        { policy: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' },
      ],
    },
    found: ['statement 1 allows everything on everything'],
    right: { inlinePolicies: [{ policy: UNKNOWN }, { policy: '{"Statement":[]}' }] },
    path: 'policy',
  },
];

describe('rules where something is known later', () => {
  for (const { rule, type, wrong, found, right, path } of CASES) {
    it(`${rule.id} finds what is wrong beside it, and waits where nothing else is`, () => {
      expect(said(rule, made(type, 'it', wrong))).to.deep.equal({ result: 'violating', found });
      expect(said(rule, made(type, 'it', right))).to.deep.equal({ result: 'undecided', path });
    });
  }
});
