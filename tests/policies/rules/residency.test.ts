import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { Stack, UNKNOWN, type Resource, type Values } from '../../../policies/core';
import { copiesStayInAllowedRegions } from '../../../policies/rules/residency/copies-stay-in-allowed-regions';
import { personalDataStays } from '../../../policies/rules/residency/personal-data-stays';
import { regionsAreAllowed } from '../../../policies/rules/residency/regions-are-allowed';
import { GoodProgram, both, set, unset, verdicts } from '../cases';

const EUROPE = ['eu-west-1', 'eu-central-1'];
const PII = { 'data-class': 'pii' };

const good = new GoodProgram(() => {
  new aws.dynamodb.Table('viewers', {
    ...{ hashKey: 'id', tags: PII, replicas: [{ regionName: 'eu-central-1' }] },
  });
  new aws.dynamodb.Table('schedule', { hashKey: 'id', replicas: [{ regionName: 'eu-central-1' }] });
  const copies = new aws.s3.Bucket('copies', { region: 'eu-central-1' });
  const exports_ = new aws.s3.Bucket('exports', { tags: PII });
  new aws.s3.BucketReplicationConfig('exports-replication', {
    ...{ bucket: exports_.id, role: 'arn:aws:iam::123456789012:role/replication' },
    rules: [{ status: 'Enabled', destination: { bucket: copies.arn } }],
  });
  new aws.secretsmanager.Secret('pepper', { tags: PII, replicas: [{ region: 'eu-central-1' }] });
  const vault = new aws.backup.Vault('vault', { region: 'eu-central-1' });
  new aws.backup.Plan('daily', {
    rules: [
      {
        ...{ ruleName: 'daily', targetVaultName: 'here' },
        copyActions: [{ destinationVaultArn: vault.arn }],
      },
    ],
  });
  new aws.ecr.ReplicationConfiguration('images', {
    replicationConfiguration: {
      rules: [{ destinations: [{ region: 'eu-central-1', registryId: '123456789012' }] }],
    },
  });
  new aws.acm.Certificate('viewers-name', { region: 'us-east-1', domainName: 'live.example.com' });
  new aws.wafv2.WebAcl('wall', {
    ...{ region: 'us-east-1', scope: 'CLOUDFRONT', defaultAction: { allow: {} } },
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: 'x', sampledRequestsEnabled: true },
  });
  new aws.iam.Role('task', { assumeRolePolicy: '{}' });
});

describe('rules of residency', () => {
  good.tries(regionsAreAllowed, {
    settings: { regions: EUROPE },
    violating: {
      'a table elsewhere': {
        change: set('schedule', 'region', 'us-west-2'),
        at: 'schedule',
        found: ['it is made in us-west-2'],
      },
      'a wall of a region that is not allowed': {
        change: set('wall', 'scope', 'REGIONAL'),
        at: 'wall',
        found: ['it is made in us-east-1'],
      },
    },
    nearMisses: { 'a table in another allowed region': set('schedule', 'region', 'eu-central-1') },
    notApplicable: {
      'a role, which is everywhere': {
        change: (graph) => graph,
        at: 'task',
        reason: 'it has no region',
      },
    },
  });

  good.tries(personalDataStays, {
    settings: { regions: EUROPE },
    violating: {
      'a replica of a table': {
        change: set('viewers', 'replicas.0.regionName', 'us-east-1'),
        at: 'viewers',
        found: ['it is copied to us-east-1'],
      },
      'a replica of a bucket': {
        change: set('copies', 'region', 'ap-southeast-2'),
        at: 'exports',
        found: ['it is copied to ap-southeast-2'],
      },
      'a replica of a secret': {
        change: set('pepper', 'replicas.0.region', 'us-east-1'),
        at: 'pepper',
        found: ['it is copied to us-east-1'],
      },
    },
    nearMisses: { 'a replica of a schedule': set('schedule', 'replicas.0.regionName', 'us-east-1') },
    notApplicable: {
      'data of another class': {
        change: both(set('viewers', 'tags', { 'data-class': 'public' }), set('viewers', 'tagsAll', {})),
        at: 'viewers',
        reason: 'it holds no data of persons',
      },
    },
  });

  good.tries(copiesStayInAllowedRegions, {
    settings: { regions: EUROPE },
    violating: {
      'a backup': {
        change: set(
          'daily',
          'rules.0.copyActions.0.destinationVaultArn',
          'arn:aws:backup:us-east-1:123456789012:backup-vault:x',
        ),
        at: 'daily',
        found: ['it is copied to us-east-1'],
      },
      images: {
        change: set('images', 'replicationConfiguration.rules.0.destinations.0.region', 'us-east-1'),
        at: 'images',
        found: ['it is copied to us-east-1'],
      },
      'a table of anything': {
        change: set('schedule', 'replicas.0.regionName', 'us-east-1'),
        at: 'schedule',
        found: ['it is copied to us-east-1'],
      },
    },
    nearMisses: { 'a table in one place': unset('schedule', 'replicas') },
  });

  it('keeps data of persons in its own region where none is configured', async () => {
    const said = verdicts(personalDataStays, stackOf(await good.graph(), 'unknown'));
    const copied = { result: 'violating', found: ['it is copied to eu-central-1'] };
    expect(said.get('viewers')).to.deep.equal(copied);
    expect(said.get('exports')).to.deep.equal(copied);
  });

  it('finds data of persons that goes to a bucket nobody knows', async () => {
    const elsewhere = new GoodProgram(() => {
      const names = new aws.s3.Bucket('names', { tags: PII });
      new aws.s3.BucketReplicationConfig('replication', {
        ...{ bucket: names.id, role: 'arn:aws:iam::123456789012:role/replication' },
        rules: [{ status: 'Enabled', destination: { bucket: 'arn:aws:s3:::elsewhere' } }],
      });
      new aws.s3.Bucket('kept', { tags: PII });
    });
    const said = verdicts(personalDataStays, stackOf(await elsewhere.graph()));
    expect(Object.fromEntries(said)).to.deep.equal({
      names: { result: 'violating', found: ['it is copied to a region that the stack does not say'] },
      kept: { result: 'compliant' },
    });
  });

  it('says nothing of regions where none is configured', async () => {
    for (const rule of [regionsAreAllowed, copiesStayInAllowedRegions]) {
      const said = verdicts(rule, stackOf(await good.graph()));
      expect(new Set([...said.values()].map((each) => JSON.stringify(each)))).to.deep.equal(
        new Set(['{"result":"not applicable","reason":"no regions are configured"}']),
      );
    }
  });

  it('finds a copy that goes astray beside one that is decided later', () => {
    const table = (...regions: readonly Values[string][]): Resource => ({
      ...{ urn: 'urn:viewers', type: 'aws:dynamodb/table:Table', name: 'viewers' },
      props: { tags: PII, replicas: regions.map((regionName) => ({ regionName })) },
      options: { protect: false, retainOnDelete: false },
      ...{ defaultTags: {}, region: 'eu-west-1', parent: undefined, from: {} },
    });
    const of = (...regions: readonly Values[string][]) =>
      verdicts(personalDataStays, new Stack([table(...regions)])).get('viewers');
    expect(of(UNKNOWN, 'us-east-1')).to.deep.equal({
      ...{ result: 'violating', found: ['it is copied to us-east-1'] },
    });
    expect(of(UNKNOWN, 'eu-west-1')).to.deep.equal({ result: 'undecided', path: 'region' });
  });
});
