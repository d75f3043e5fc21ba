import * as iam from '@pulumi/aws/iam';
import { expect } from 'chai';
import { TieredSegmentStore, type GrantScope, type TieredSegmentStoreArgs } from '../../../components';
import { recordComponent, type Graph } from '../../../testing';
import { assertLeastPrivilege, leastPrivilege, type ApiCall } from '../../../testing/privileges';
import { trust } from './role-graph';

const ZONES = { a: { zoneId: 'use1-az4' } };

interface Recorded {
  readonly graph: Graph;
  readonly general: string;
  readonly directory: string;
  readonly key: string;
}

/** A store with one role that it lets write or read. */
async function recorded(
  access: 'write' | 'read',
  scope: GrantScope = {},
  args: TieredSegmentStoreArgs = { zones: ZONES },
): Promise<Recorded> {
  const graph = await recordComponent(() => {
    const store = new TieredSegmentStore('media', args);
    const role = new iam.Role('runtime', { assumeRolePolicy: JSON.stringify(trust) });
    if (access === 'write') store.grantWrite('runtime', role.name, scope);
    else store.grantRead('runtime', role.name, scope);
  });
  const arn = (type: string) => graph.resources.find((each) => each.type === type)?.outputs['arn'] as string;
  return {
    graph,
    general: arn('aws:s3/bucket:Bucket'),
    directory: arn('aws:s3/directoryBucket:DirectoryBucket'),
    key: arn('aws:kms/key:Key'),
  };
}

const on = (actions: string, bucket: string, ...keys: string[]): ApiCall[] =>
  actions
    .split(' ')
    .flatMap((action) => keys.map((key) => ({ action: `s3:${action}`, resource: `${bucket}/${key}` })));
const list = (bucket: string, prefix?: string): ApiCall => ({
  action: 's3:ListBucket',
  resource: bucket,
  ...(prefix !== undefined && { context: { 's3:prefix': prefix } }),
});
const session = (directory: string, mode: string): ApiCall => ({
  action: 's3express:CreateSession',
  resource: directory,
  context: { 's3express:SessionMode': mode },
});

/** Objects of two renditions of a channel. */
const live = (channel: string) => [
  `live/${channel}/s/720p/1.m4s`,
  `live/${channel}/i/720p/0123456789abcdef.mp4`,
];
const claims = (channel: string) => [`claims/${channel}/1`, `claims/${channel}/last`];
const edge = (channel: string) => [`edge/${channel}/1/0`, `edge/${channel}/2/0`];

/** What a writer with a directory bucket calls, all of it. */
function written({ general, directory }: Recorded, ...channels: string[]): ApiCall[] {
  return [
    session(directory, 'ReadWrite'),
    list(general),
    ...channels.flatMap((channel) => [
      ...on('GetObject PutObject', general, ...live(channel), ...claims(channel)),
      list(general, `claims/${channel}/`),
    ]),
  ];
}

/** What one without a zone calls: its bundles are in the general bucket, and it clears them away. */
function writtenRegionally(store: Recorded, channel: string): ApiCall[] {
  const { general } = store;
  return [
    ...written(store, channel).filter(({ action }) => !action.startsWith('s3express:')),
    ...on('GetObject PutObject DeleteObject', general, ...edge(channel)),
    list(general, `edge/${channel}/`),
  ];
}

describe('the grants of a TieredSegmentStore', () => {
  it('let a writer of one channel make all its calls, and none besides', async () => {
    const store = await recorded('write', { channels: ['news'] });
    assertLeastPrivilege(store.graph, 'runtime', written(store, 'news'));
  });

  it('let a writer of all channels make all its calls, and none besides', async () => {
    const store = await recorded('write');
    assertLeastPrivilege(store.graph, 'runtime', written(store, 'news', 'sport'));
  });

  it('let a writer without a zone write and clear away its bundles in the general bucket', async () => {
    const store = await recorded('write', { channels: ['news'] }, {});
    assertLeastPrivilege(store.graph, 'runtime', writtenRegionally(store, 'news'));
  });

  it('show a writer of all channels that wrote one only as wider than was used', async () => {
    const store = await recorded('write');
    const { denied, unused, wide } = leastPrivilege(store.graph, 'runtime', written(store, 'news'));
    expect({ denied, unused }).to.deep.equal({ denied: [], unused: [] });
    const enough = wide.map((each) => [each.statement, ...each.enough]);
    const { general } = store;
    expect(enough).to.deep.equal([
      ['Objects', `${general}/live/news/*`],
      ['Objects', `${general}/claims/news/*`],
    ]);
  });

  it('deny a writer of one channel the objects and the list of another', async () => {
    const store = await recorded('write', { channels: ['news'] });
    const { general } = store;
    const calls = [...on('GetObject', general, 'live/sport/s/720p/1.m4s'), list(general, 'live/sport/')];
    const { denied } = leastPrivilege(store.graph, 'runtime', calls);
    expect(denied.map(({ call }) => call)).to.deep.equal(calls);
  });

  it('let a reader read, and neither write nor open a session to write', async () => {
    const store = await recorded('read', { channels: ['news'] });
    const { graph, general, directory, key } = store;
    const reads = [
      session(directory, 'ReadOnly'),
      ...on('GetObject', general, ...live('news'), ...claims('news')),
      list(general),
    ];
    assertLeastPrivilege(graph, 'runtime', reads);
    const writes = [
      session(directory, 'ReadWrite'),
      ...on('PutObject DeleteObject', general, 'live/news/s/720p/1.m4s'),
    ];
    const { denied } = leastPrivilege(graph, 'runtime', writes, { keyCalls: false });
    expect(denied.map(({ call }) => call)).to.deep.equal(writes);
    expect(key).to.match(/^arn:aws:kms:/);
  });

  it('have the key for what S3 asks of it: to write data keys, to read decryption', async () => {
    const store = await recorded('read', {}, {});
    const { graph, general, key } = store;
    const written = leastPrivilege(graph, 'runtime', on('PutObject', general, 'live/a/b'));
    expect(written.denied.map(({ call: { action, resource } }) => [action, resource])).to.deep.equal([
      ['s3:PutObject', `${general}/live/a/b`],
      ['kms:GenerateDataKey', key],
    ]);
    expect(written.denied[1]!.message).to.contain(`(which S3 asks for s3:PutObject on ${general}/live/a/b)`);
    const read = leastPrivilege(graph, 'runtime', on('GetObject', general, 'live/a/b'));
    expect(read.denied).to.deep.equal([]);
    expect(read.unused.map(({ statement }) => statement)).to.not.include('Key');
  });

  it('have the key for a session of a directory bucket, to read as well, by the key of the bucket', async () => {
    const { graph, directory, key } = await recorded('read');
    const noKey = {
      ...graph,
      resources: graph.resources.map((each) =>
        each.type === 'aws:kms/key:Key'
          ? {
              ...each,
              inputs: {
                ...each.inputs,
                policy: JSON.stringify({
                  Version: '2012-10-17',
                  Statement: {
                    Effect: 'Allow',
                    Principal: { AWS: '123456789012' },
                    Action: 'kms:*',
                    Resource: '*',
                    Condition: { StringNotEquals: { 'kms:EncryptionContext:aws:s3:arn': directory } },
                  },
                }),
              },
            }
          : each,
      ),
    };
    const read = [session(directory, 'ReadOnly')];
    expect(leastPrivilege(graph, 'runtime', read).denied).to.deep.equal([]);
    const { denied } = leastPrivilege(noKey, 'runtime', read);
    expect(denied.map(({ call, reason }) => [call.action, call.resource, reason])).to.deep.equal([
      ['kms:Decrypt', key, 'key-policy'],
      ['kms:GenerateDataKey', key, 'key-policy'],
    ]);
  });

  it('are refused without TLS, by the policy of the bucket', async () => {
    const { graph, general } = await recorded('read');
    const calls = on('GetObject', general, 'live/a/b');
    const { denied } = leastPrivilege(graph, 'runtime', calls, {
      context: { 'aws:SecureTransport': 'false' },
    });
    expect(denied.map(({ reason, message }) => [reason, message])).to.deep.equal([
      [
        'denied',
        `s3:GetObject on ${general}/live/a/b is denied by TlsOnly of urn:pulumi:stack::project::` +
          'aws-media:index:TieredSegmentStore$aws:s3/bucketPolicy:BucketPolicy::media-general-policy',
      ],
    ]);
  });
});
