import path from 'node:path';
import * as cloudfront from '@pulumi/aws/cloudfront';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { TieredSegmentStore, type TieredSegmentStoreArgs } from '../../../components/storage';
import { recordProgram } from '../../../planner';
import { withProgram } from '../../planner/programs';
import { rejection } from '../../support/rejection';
import {
  DISTRIBUTION_ARN,
  KEY_ARN,
  ZONES,
  lateFailure,
  recordProgramOf,
  recordStore,
  refusal,
  warningsOf,
} from './store-recording';
import type { Recorded, Refusal } from './store-recording';
import type { GraphResource } from '../../../testing';

/** A distribution whose origin is the store's bucket, as a program with a CDN has it. */
function makeDistribution(store: TieredSegmentStore, name = 'cdn'): cloudfront.Distribution {
  const access = new cloudfront.OriginAccessControl(`${name}-access`, {
    originAccessControlOriginType: 's3',
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
  });
  return new cloudfront.Distribution(name, {
    enabled: true,
    origins: [
      {
        originId: 'segments',
        domainName: store.generalBucketDomainName,
        originAccessControlId: access.id,
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: 'segments',
      viewerProtocolPolicy: 'https-only',
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      cachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    },
    restrictions: { geoRestriction: { restrictionType: 'none' } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  });
}

const recordCdn = (args: TieredSegmentStoreArgs = {}): Promise<Recorded> =>
  recordProgramOf(() => {
    const store = new TieredSegmentStore('media', { distributions: { cdn: {} }, ...args });
    store.grantCloudFrontRead('cdn', makeDistribution(store).arn);
  });

const FORGOTTEN =
  'TieredSegmentStore "media": no ARN was given for distributions cdn, so the bucket\'s policy cannot be made; ' +
  "call grantCloudFrontRead('cdn', distribution.arn), give its distributionArn, or remove it";

const admitted = (arns: readonly unknown[]) => ({ StringEquals: { 'aws:SourceArn': arns } });
const statement = (store: Recorded, name: string, sid: string) =>
  store.policy(name).Statement.find(({ Sid }) => Sid === sid);

/** URNs along the dependencies from a resource, which end here although the graph has a cycle. */
function reached(store: Recorded, from: GraphResource): Set<string> {
  const seen = new Set<string>();
  const visit = (urn: string): void => {
    const { dependencies, propertyDependencies } = store.query.get(urn);
    for (const next of [...dependencies, ...Object.values(propertyDependencies).flat()]) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(from.urn);
  return seen;
}

async function grantRefusal(
  args: TieredSegmentStoreArgs,
  grant: (store: TieredSegmentStore) => void,
): Promise<Refusal> {
  let refused: unknown;
  await recordStore(args, {}, (store) => {
    try {
      grant(store);
    } catch (error) {
      refused = error;
    }
  });
  expect(refused).to.be.instanceOf(pulumi.InputPropertiesError);
  return refused as Refusal;
}

describe('TieredSegmentStore and CloudFront', () => {
  it('admits a distribution that is made from the bucket to segments and inits, and to nothing else', async () => {
    const store = await recordCdn();
    const bucketArn = String(store.output('media-general', 'arn'));
    const { Statement } = store.policy('media-general-policy');
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(['TlsOnly', 'CloudFrontReads']);
    expect(Statement[1]).to.deep.equal({
      Sid: 'CloudFrontReads',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: `${bucketArn}/live/*`,
      Condition: admitted([store.output('cdn', 'arn')]),
    });
  });

  it('lets it decrypt with the key, in a policy that leaves the rest to the account', async () => {
    const store = await recordCdn({ zones: ZONES });
    expect(store.inputs('media-key-policy')['keyId']).to.equal(store.output('media-key', 'keyId'));
    expect(store.policy('media-key-policy')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Account',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::123456789012:root' },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'CloudFrontDecrypts',
          Effect: 'Allow',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: admitted([store.output('cdn', 'arn')]),
        },
      ],
    });
    // CloudFront reads no directory bucket.
    expect(JSON.stringify(store.policy('media-zone-a-policy'))).not.to.include('cloudfront');
  });

  it('makes a graph without a cycle: both policies come after the distribution, which comes after the bucket', async () => {
    const store = await recordCdn();
    const [bucket, cdn, key] = ['media-general', 'cdn', 'media-key'].map((name) => store.child(name).urn);
    expect(reached(store, store.child('cdn'))).to.include(bucket);
    expect([...reached(store, store.child('media-general-policy'))]).to.include.members([bucket, cdn]);
    expect([...reached(store, store.child('media-key-policy'))]).to.include.members([key, cdn]);
    for (const resource of store.graph.resources) {
      expect([...reached(store, resource)], resource.name).not.to.include(resource.urn);
    }
    // Roles, buckets and encryption wait for no distribution: an origin can be one of its origins.
    const waiting = store.resources.filter((resource) => reached(store, resource).has(cdn!));
    expect(waiting.map(({ name }) => name).sort()).to.deep.equal([
      'media-general-policy',
      'media-key-policy',
    ]);
  });

  it('can be followed by references: origin to bucket, policies to distribution', async () => {
    const store = await recordCdn();
    const to = (name: string, path: string) => store.query.holds(store.child(name), path);
    const { urn: bucket } = store.child('media-general');
    expect(to('cdn', 'origins')).to.include(`${bucket}#bucketRegionalDomainName`);
    expect(to('media-general-policy', 'policy')).to.have.members([
      `${bucket}#arn`,
      `${store.child('cdn').urn}#arn`,
    ]);
    expect(to('media-key-policy', 'policy')).to.include(`${store.child('cdn').urn}#arn`);
  });

  it('names several distributions in the order of their ids, whatever the order of arguments and grants', async () => {
    const record = (ids: readonly string[]) =>
      recordProgramOf(() => {
        const distributions = Object.fromEntries(ids.map((id) => [id, {}]));
        const store = new TieredSegmentStore('media', { distributions });
        for (const id of [...ids].reverse()) store.grantCloudFrontRead(id, makeDistribution(store, id).arn);
      });
    const [one, other] = [await record(['a', 'b']), await record(['b', 'a'])];
    expect(statement(one, 'media-general-policy', 'CloudFrontReads')!['Condition']).to.deep.equal(
      admitted([one.output('a', 'arn'), one.output('b', 'arn')]),
    );
    for (const name of ['media-general-policy', 'media-key-policy']) {
      expect(one.inputs(name)).to.deep.equal(other.inputs(name));
    }
  });

  it('takes the ARN of a distribution that is there already, with no grant to follow', async () => {
    const store = await recordStore({ distributions: { cdn: { distributionArn: DISTRIBUTION_ARN } } });
    expect(statement(store, 'media-general-policy', 'CloudFrontReads')!['Condition']).to.deep.equal(
      admitted([DISTRIBUTION_ARN]),
    );
    expect(statement(store, 'media-key-policy', 'CloudFrontDecrypts')!['Condition']).to.deep.equal(
      admitted([DISTRIBUTION_ARN]),
    );
  });

  for (const [what, encryption] of [
    ["S3's own keys", { type: 'sse-s3' }],
    ['a key of your own, whose policy is yours', { type: 'kms', keyArn: KEY_ARN }],
  ] as const) {
    it(`makes no key policy with ${what}`, async () => {
      const store = await recordCdn({ encryption });
      expect(store.query.byType('aws:kms/keyPolicy:KeyPolicy')).to.deep.equal([]);
      expect(statement(store, 'media-general-policy', 'CloudFrontReads')).not.to.equal(undefined);
    });
  }

  it('waits for the grant of a distribution that is declared, with a warning, and makes no policy without it', async () => {
    const program = () => void new TieredSegmentStore('media', { distributions: { cdn: {} } });
    let message = '';
    const warnings = await warningsOf(async () => {
      const error = await rejection(recordProgramOf(program, { timeoutSeconds: 0.3 }));
      message = (error as Error).message;
    });
    expect(message).to.include('"media-general-policy"').and.to.include('"media-key-policy"');
    expect(warnings).to.deep.equal([FORGOTTEN]);
  });

  it('takes a grant inside an apply, and warns of nothing that is granted when the program has run', async () => {
    const warnings = await warningsOf(() => recordCdn());
    expect(warnings).to.deep.equal([]);
    const store = await recordStore({ distributions: { cdn: {} } }, {}, (made) =>
      made.generalBucketArn.apply(() => made.grantCloudFrontRead('cdn', DISTRIBUTION_ARN)),
    );
    expect(statement(store, 'media-general-policy', 'CloudFrontReads')!['Condition']).to.deep.equal(
      admitted([DISTRIBUTION_ARN]),
    );
  });

  it('fails a program that ends without the grant, and says which', async function () {
    this.timeout(20_000);
    const library = JSON.stringify(path.resolve(__dirname, '../../../components'));
    const code = `new (require(${library}).TieredSegmentStore)('media', { distributions: { cdn: {} } });`;
    const recording = withProgram({ 'index.js': code }, (folder) => recordProgram({ folder, stack: 'dev' }));
    expect(((await rejection(recording)) as Error).message).to.include(FORGOTTEN);
  });

  describe('refuses', () => {
    it('a grant that is not declared, and says how to declare it', async () => {
      const { message } = await grantRefusal({}, (store) =>
        store.grantCloudFrontRead('cdn', DISTRIBUTION_ARN),
      );
      expect(message).to.equal(
        'a grant (CloudFront) of TieredSegmentStore "media" has a bad argument:\n' +
          '  id is "cdn" (there is no such distribution); allowed: none: no distribution waits for its ARN; ' +
          "to correct it: declare it in the store's arguments: distributions: { cdn: {} }",
      );
    });

    it('a second grant of the same', async () => {
      const { errors } = await grantRefusal({ distributions: { cdn: {} } }, (store) => {
        store.grantCloudFrontRead('cdn', DISTRIBUTION_ARN);
        store.grantCloudFrontRead('cdn', DISTRIBUTION_ARN);
      });
      expect(errors.map(({ reason }) => reason)).to.deep.equal([
        'is "cdn" (its ARN is given already); allowed: none: no distribution waits for its ARN; to correct it: remove the second one',
      ]);
    });

    for (const wrong of [
      'E2QWRUHEXAMPLE',
      'd111111abcdef8.cloudfront.net',
      `${DISTRIBUTION_ARN.slice(0, -15)}*`,
    ]) {
      it(`${wrong} as an ARN, in the arguments and in a grant, now and later`, async () => {
        const reason =
          `is "${wrong}"; allowed: the ARN of a distribution, as ` +
          'arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE; to correct it: give its arn, not its id or domain name';
        const { errors } = await refusal({ distributions: { cdn: { distributionArn: wrong } } });
        expect(errors).to.deep.equal([{ propertyPath: 'distributions.cdn.distributionArn', reason }]);
        const later = () =>
          recordStore({ distributions: { cdn: {} } }, {}, (store) =>
            store.grantCloudFrontRead('cdn', pulumi.output(wrong)),
          );
        expect(await lateFailure(later)).to.include(`distributionArn ${reason}`);
      });
    }
  });
});
