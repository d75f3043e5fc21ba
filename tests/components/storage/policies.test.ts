import { expect } from 'chai';
import { directoryExpiry, generalPolicy, grantPolicy, keyPolicy } from '../../../components/storage';

const GENERAL = 'arn:aws:s3:::g';
const DIRECTORY = 'arn:aws:s3express:us-east-1:123456789012:bucket/d--use1-az4--x-s3';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/k';

describe('policies of the store', () => {
  it('refuse the general bucket to anybody without TLS', () => {
    expect(generalPolicy(GENERAL)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [GENERAL, `${GENERAL}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  it('let lifecycle delete in a directory bucket', () => {
    expect(directoryExpiry(DIRECTORY)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LifecycleDeletes',
          Effect: 'Allow',
          Principal: { Service: 'lifecycle.s3.amazonaws.com' },
          Action: 's3express:CreateSession',
          Resource: DIRECTORY,
          Condition: { StringEquals: { 's3express:SessionMode': 'ReadWrite' } },
        },
      ],
    });
  });

  it('admit distributions by name to what viewers see, and the account to its key in each partition', () => {
    const arns = [
      'arn:aws:cloudfront::123456789012:distribution/A',
      'arn:aws:cloudfront::123456789012:distribution/B',
    ];
    expect(generalPolicy(GENERAL, arns).Statement[1]).to.deep.equal({
      Sid: 'CloudFrontReads',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: `${GENERAL}/live/*`,
      Condition: { StringEquals: { 'aws:SourceArn': arns } },
    });
    const { Statement } = keyPolicy(KEY.replace('arn:aws:', 'arn:aws-cn:'), arns);
    expect(Statement.map(({ Principal }) => Principal)).to.deep.equal([
      { AWS: 'arn:aws-cn:iam::123456789012:root' },
      { Service: 'cloudfront.amazonaws.com' },
    ]);
    expect(Statement[1]!.Condition).to.deep.equal({ StringEquals: { 'aws:SourceArn': arns } });
  });

  it('let a writer of one channel write and read it, and list its claims; bundles are in the zone', () => {
    const { Statement } = grantPolicy({
      access: 'write',
      generalArn: GENERAL,
      directoryArns: [DIRECTORY],
      keyArn: KEY,
      channels: ['news'],
    });
    expect(Statement).to.deep.equal([
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: [`${GENERAL}/live/news/*`, `${GENERAL}/claims/news/*`],
      },
      {
        Sid: 'Names',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: GENERAL,
        Condition: { StringLikeIfExists: { 's3:prefix': ['claims/news/'] } },
      },
      {
        Sid: 'Sessions',
        Effect: 'Allow',
        Action: 's3express:CreateSession',
        Resource: [DIRECTORY],
        Condition: { StringEquals: { 's3express:SessionMode': 'ReadWrite' } },
      },
      { Sid: 'Key', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY },
    ]);
  });

  it('let a writer without a zone delete bundles, and nothing else, in the general bucket', () => {
    const { Statement } = grantPolicy({ access: 'write', generalArn: GENERAL, directoryArns: [] });
    expect(Statement).to.deep.equal([
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: [`${GENERAL}/live/*/*`, `${GENERAL}/claims/*/*`, `${GENERAL}/edge/*/*`],
      },
      {
        Sid: 'Eviction',
        Effect: 'Allow',
        Action: 's3:DeleteObject',
        Resource: [`${GENERAL}/edge/*/*`],
      },
      {
        Sid: 'Names',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: GENERAL,
        Condition: { StringLikeIfExists: { 's3:prefix': ['claims/*/', 'edge/*/'] } },
      },
    ]);
  });

  it('let a reader read and find out what is absent, and neither write nor list a prefix', () => {
    const { Statement } = grantPolicy({ access: 'read', generalArn: GENERAL, directoryArns: [DIRECTORY] });
    expect(Statement).to.deep.equal([
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: [`${GENERAL}/live/*/*`, `${GENERAL}/claims/*/*`],
      },
      {
        Sid: 'Absence',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: GENERAL,
        Condition: { Null: { 's3:prefix': 'true' } },
      },
      {
        Sid: 'Sessions',
        Effect: 'Allow',
        Action: 's3express:CreateSession',
        Resource: [DIRECTORY],
        Condition: { StringEquals: { 's3express:SessionMode': 'ReadOnly' } },
      },
    ]);
  });

  it('without zones give the bundles of the general bucket, and to a reader the key for decryption only', () => {
    const { Statement } = grantPolicy({
      access: 'read',
      generalArn: GENERAL,
      directoryArns: [],
      keyArn: KEY,
    });
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(['Objects', 'Absence', 'Key']);
    expect(Statement[0]!.Resource).to.deep.equal([
      `${GENERAL}/live/*/*`,
      `${GENERAL}/claims/*/*`,
      `${GENERAL}/edge/*/*`,
    ]);
    expect(Statement[2]!.Action).to.deep.equal(['kms:Decrypt']);
  });
});
