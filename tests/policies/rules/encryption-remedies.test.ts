/** What rules set at level `remediate`, and that a resource complies afterwards. */
import { expect } from 'chai';
import { SECRET, UNKNOWN, settingsOf, type Rule, type Values } from '../../../policies/core';
import { DATA_PROTECTION } from '../../../policies/rules/data-protection';
import { ENCRYPTION } from '../../../policies/rules/encryption';
import { IDENTITY } from '../../../policies/rules/identity';
import { NETWORK } from '../../../policies/rules/network';
import { made, said } from './hand-made';

interface Case {
  readonly type: string;
  readonly wrong: Values;
  readonly mended: Values;
  /** What must be left alone: right, not its business, or not known. */
  readonly left: readonly Values[];
}

const LAUNCH_TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';
const kms = (more: Values): Values => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', ...more },
});

const CASES: Readonly<Record<string, Case>> = {
  'deleted-keys-and-secrets-can-be-restored': {
    type: 'aws:kms/key:Key',
    wrong: { deletionWindowInDays: 7 },
    mended: { deletionWindowInDays: 14 },
    left: [{}, { deletionWindowInDays: 30 }, { deletionWindowInDays: UNKNOWN }],
  },
  'instance-metadata-needs-a-token': {
    type: LAUNCH_TEMPLATE,
    wrong: { metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 1 } },
    mended: {
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    },
    left: [
      { metadataOptions: { httpTokens: 'required' } },
      { metadataOptions: { httpEndpoint: 'disabled' } },
      { metadataOptions: { httpTokens: 'optional', instanceMetadataTags: UNKNOWN } },
    ],
  },
  'key-rotates': {
    type: 'aws:kms/key:Key',
    wrong: { enableKeyRotation: false },
    mended: { enableKeyRotation: true },
    left: [
      { enableKeyRotation: true },
      { enableKeyRotation: UNKNOWN },
      { customerMasterKeySpec: 'RSA_2048' },
      { customKeyStoreId: 'cks-1' },
    ],
  },
  'kms-bucket-uses-a-bucket-key': {
    type: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    wrong: { rules: [kms({ kmsMasterKeyId: 'alias/media' })] },
    mended: { rules: [{ ...kms({ kmsMasterKeyId: 'alias/media' }), bucketKeyEnabled: true }] },
    left: [
      { rules: [{ ...kms({}), bucketKeyEnabled: true }] },
      { rules: [kms({ kmsMasterKeyId: UNKNOWN })] },
      { rules: [kms({ kmsMasterKeyId: SECRET })] },
      { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
    ],
  },
  'load-balancer-drops-invalid-headers': {
    type: 'aws:lb/loadBalancer:LoadBalancer',
    wrong: { dropInvalidHeaderFields: false },
    mended: { dropInvalidHeaderFields: true },
    left: [{ loadBalancerType: 'network' }, { dropInvalidHeaderFields: true }, { loadBalancerType: UNKNOWN }],
  },
  'public-access-block-is-complete': {
    type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
    wrong: { blockPublicAcls: true, blockPublicPolicy: false },
    mended: { blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    left: [
      {
        blockPublicAcls: true,
        blockPublicPolicy: 'true',
        ignorePublicAcls: UNKNOWN,
        restrictPublicBuckets: true,
      },
    ],
  },
  'queue-is-encrypted': {
    type: 'aws:sqs/queue:Queue',
    wrong: { sqsManagedSseEnabled: false },
    mended: { sqsManagedSseEnabled: true },
    left: [{}, { sqsManagedSseEnabled: false, kmsMasterKeyId: UNKNOWN }],
  },
  'stream-is-encrypted': {
    type: 'aws:kinesis/stream:Stream',
    wrong: { encryptionType: 'NONE' },
    mended: { encryptionType: 'KMS', kmsKeyId: 'alias/aws/kinesis' },
    left: [{ encryptionType: 'KMS' }, { encryptionType: UNKNOWN }],
  },
  'subnet-gives-no-public-addresses': {
    type: 'aws:ec2/defaultSubnet:DefaultSubnet',
    wrong: {},
    mended: { mapPublicIpOnLaunch: false },
    left: [{ mapPublicIpOnLaunch: false }, { mapPublicIpOnLaunch: UNKNOWN }],
  },
};

const RULES: readonly Rule[] = [...ENCRYPTION, ...NETWORK, ...IDENTITY, ...DATA_PROTECTION];

describe('remedies of encryption, network and data protection', () => {
  it('has a case for each rule that mends', () => {
    const mending = RULES.filter((rule) => 'remedy' in rule).map(({ id }) => id);
    expect(mending.sort()).to.deep.equal(Object.keys(CASES).sort());
  });
  for (const [id, { type, wrong, mended, left }] of Object.entries(CASES)) {
    it(`${id} sets what is wrong, and no more`, () => {
      const rule = RULES.find((each) => each.id === id)!;
      const mend = (props: Values) =>
        rule.scope === 'resource' ? rule.remedy!(made(type, 'it', props), settingsOf(rule)) : undefined;
      const verdict = (props: Values) => said(rule, made(type, 'it', props)).result;
      expect(verdict(wrong)).to.equal('violating');
      expect(mend(wrong)).to.deep.equal(mended);
      expect(verdict({ ...wrong, ...mended })).to.equal('compliant');
      expect(left.map(mend)).to.deep.equal(left.map(() => undefined));
    });
  }
});
