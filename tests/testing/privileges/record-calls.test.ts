import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CopyObjectCommand,
  CreateSessionCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { recordCalls } from '../../../testing/privileges/record-calls';
import { rejection } from '../../support/rejection';

const BUCKET = 'arn:aws:s3:::media';
const DIRECTORY = 'live--use1-az4--x-s3';
const DIRECTORY_ARN = `arn:aws:s3express:eu-west-1:123456789012:bucket/${DIRECTORY}`;
const SESSION =
  '<CreateSessionResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>' +
  '<AccessKeyId>a</AccessKeyId><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>';

describe('the recorder of calls', () => {
  let server: Server;
  let config: S3ClientConfig;
  const clients: S3Client[] = [];

  before(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        const url = request.url ?? '';
        if (url.includes('absent')) {
          response.writeHead(404, { 'content-type': 'application/xml' });
          return response.end(
            request.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>',
          );
        }
        if (url.includes('refused')) {
          response.writeHead(403, { 'content-type': 'application/xml' });
          return response.end('<Error><Code>AccessDenied</Code></Error>');
        }
        response.writeHead(200, { 'content-type': 'application/xml' });
        return response.end(url.includes('session') ? SESSION : '<Result/>');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    config = {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      maxAttempts: 1,
    };
  });

  after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });

  function s3(): S3Client {
    const client = new S3Client(config);
    clients.push(client);
    return client;
  }

  it('names action, ARN and condition keys of each command, each call once', async () => {
    const client = s3();
    const recorder = recordCalls(client);
    const object = { Bucket: 'media', Key: 'live/a' };
    await client.send(new GetObjectCommand(object));
    await client.send(new GetObjectCommand({ ...object, Range: 'bytes=0-9' }));
    await client.send(new HeadObjectCommand(object));
    await client.send(new PutObjectCommand({ ...object, Body: 'x', IfNoneMatch: '*', ACL: 'private' }));
    await client.send(new DeleteObjectCommand(object));
    await client.send(new ListObjectsV2Command({ Bucket: 'media', Prefix: 'live/', MaxKeys: 5 }));
    expect(recorder.calls).to.deep.equal([
      { action: 's3:GetObject', resource: `${BUCKET}/live/a` },
      ...['s3:PutObject', 's3:PutObjectAcl'].map((action) => ({
        action,
        resource: `${BUCKET}/live/a`,
        context: { 's3:if-none-match': '*', 's3:x-amz-acl': 'private' },
      })),
      { action: 's3:DeleteObject', resource: `${BUCKET}/live/a` },
      { action: 's3:ListBucket', resource: BUCKET, context: { 's3:prefix': 'live/', 's3:max-keys': '5' } },
    ]);
    expect(recorder.unknown).to.deep.equal([]);
  });

  it('knows versions, copies and deletion of many', async () => {
    const client = s3();
    const recorder = recordCalls(client);
    await client.send(new GetObjectCommand({ Bucket: 'media', Key: 'a', VersionId: 'v1' }));
    await client.send(new CopyObjectCommand({ Bucket: 'media', Key: 'b', CopySource: '/other/a%20b/c' }));
    await client.send(
      new DeleteObjectsCommand({
        Bucket: 'media',
        Delete: { Objects: [{ Key: 'x' }, { Key: 'y', VersionId: 'v2' }] },
      }),
    );
    expect(recorder.calls).to.deep.equal([
      { action: 's3:GetObjectVersion', resource: `${BUCKET}/a`, context: { 's3:VersionId': 'v1' } },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::other/a b/c' },
      { action: 's3:PutObject', resource: `${BUCKET}/b` },
      { action: 's3:DeleteObject', resource: `${BUCKET}/x` },
      { action: 's3:DeleteObjectVersion', resource: `${BUCKET}/y`, context: { 's3:VersionId': 'v2' } },
    ]);
  });

  it('adds the permission to list where a key is absent, and not where a call was refused', async () => {
    const client = s3();
    const recorder = recordCalls(client);
    await rejection(client.send(new GetObjectCommand({ Bucket: 'media', Key: 'refused' })));
    expect(recorder.calls).to.deep.equal([{ action: 's3:GetObject', resource: `${BUCKET}/refused` }]);
    recorder.clear();
    await rejection(client.send(new HeadObjectCommand({ Bucket: 'media', Key: 'absent' })));
    expect(recorder.calls).to.deep.equal([
      { action: 's3:GetObject', resource: `${BUCKET}/absent` },
      { action: 's3:ListBucket', resource: BUCKET },
    ]);
  });

  it('knows of a directory bucket only the session, for reading until something is written', async () => {
    const client = s3();
    const recorder = recordCalls(client, { region: 'eu-west-1' });
    const object = { Bucket: DIRECTORY, Key: 'edge/a' };
    const sessions = (mode: string) => [
      {
        action: 's3express:CreateSession',
        resource: DIRECTORY_ARN,
        context: { 's3express:SessionMode': mode },
      },
    ];
    await client.send(new CreateSessionCommand({ Bucket: DIRECTORY }));
    expect(recorder.calls).to.deep.equal(sessions('ReadOnly'));
    await client.send(new GetObjectCommand(object));
    expect(recorder.calls).to.deep.equal(sessions('ReadOnly'));
    await client.send(new PutObjectCommand({ ...object, Body: 'x' }));
    expect(recorder.calls).to.deep.equal(sessions('ReadWrite'));
  });

  it('keeps the mode of a session that was asked for by name', async () => {
    const client = s3();
    const recorder = recordCalls(client);
    await client.send(new CreateSessionCommand({ Bucket: DIRECTORY, SessionMode: 'ReadWrite' }));
    await client.send(new HeadObjectCommand({ Bucket: DIRECTORY, Key: 'edge/a' }));
    expect(recorder.calls.map(({ context }) => context)).to.deep.equal([
      { 's3express:SessionMode': 'ReadWrite' },
    ]);
  });

  it('names a command that it does not know, and learns one from a table', async () => {
    const client = s3();
    const plain = recordCalls(client);
    const taught = recordCalls(client, {
      table: {
        'S3Client.PutBucketTaggingCommand': {
          calls: ({ Bucket }, { partition }) => [
            { action: 's3:PutBucketTagging', resource: `arn:${partition}:s3:::${String(Bucket)}` },
          ],
        },
      },
    });
    await client.send(new PutBucketTaggingCommand({ Bucket: 'media', Tagging: { TagSet: [] } }));
    expect(plain.calls).to.deep.equal([]);
    expect(plain.unknown).to.deep.equal(['S3Client.PutBucketTaggingCommand']);
    expect(taught.calls).to.deep.equal([{ action: 's3:PutBucketTagging', resource: BUCKET }]);
    expect(taught.unknown).to.deep.equal([]);
  });

  it('records several clients as one, until it is stopped', async () => {
    const [one, other] = [s3(), s3()];
    const recorder = recordCalls([one, other]);
    await one.send(new HeadBucketCommand({ Bucket: 'media' }));
    await other.send(new HeadBucketCommand({ Bucket: 'other' }));
    recorder.stop();
    await one.send(new HeadBucketCommand({ Bucket: 'third' }));
    expect(recorder.calls.map(({ resource }) => resource)).to.deep.equal([BUCKET, 'arn:aws:s3:::other']);
  });
});
