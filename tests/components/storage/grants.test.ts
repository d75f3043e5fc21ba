import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  TieredSegmentStore,
  grantPolicy,
  type GrantScope,
  type Statement,
} from '../../../components/storage';
import { ZONES, lateFailure, recordProgramOf, recordStore, type Refusal } from './store-recording';

describe('the grants of TieredSegmentStore', () => {
  it('are policies of the role, of their own, with exactly what the access needs', async () => {
    const store = await recordStore({ zones: { ...ZONES, b: { zoneId: 'use1-az6' } } }, {}, (made) => {
      made.grantWrite('news', 'encoder-news', { channels: ['news'], zones: ['a'] });
      made.grantRead('origin', 'origin');
    });
    const generalArn = String(store.output('media-general', 'arn'));
    const { name, role } = store.inputs('media-news-write');
    expect(name).to.match(/^video-test-media-news-write-[0-9a-f]{8}$/);
    expect(role).to.equal('encoder-news');
    expect(store.policy('media-news-write')).to.deep.equal(
      grantPolicy({
        access: 'write',
        generalArn,
        directoryArns: [String(store.output('media-zone-a', 'arn'))],
        keyArn: String(store.output('media-key', 'arn')),
        channels: ['news'],
      }),
    );
    const { Statement } = store.policy('media-origin-read');
    const sessions = Statement.find(({ Sid }) => Sid === 'Sessions') as unknown as Statement;
    expect(sessions.Resource).to.deep.equal([
      store.output('media-zone-a', 'arn'),
      store.output('media-zone-b', 'arn'),
    ]);
    expect(sessions.Condition).to.deep.equal({ StringEquals: { 's3express:SessionMode': 'ReadOnly' } });
  });

  it('leave the store without a dependency on any role', async () => {
    const store = await recordProgramOf(() => {
      const role = new iam.Role('encoder', { assumeRolePolicy: '{}' });
      new TieredSegmentStore('media', { zones: ZONES }).grantWrite('news', role.name);
    });
    const [role, ...needed] = ['encoder', 'media-general', 'media-zone-a', 'media-key'].map(
      (name) => store.child(name).urn,
    );
    const dependents = store.resources.filter(({ dependencies }) => dependencies.includes(role!));
    expect(dependents.map(({ name }) => name)).to.deep.equal(['media-news-write']);
    expect(store.child('media-news-write').dependencies).to.have.members([role, ...needed]);
  });

  it('give no key where no key encrypts', async () => {
    const store = await recordStore({ encryption: { type: 'sse-s3' } }, {}, (made) => {
      made.grantWrite('news', 'encoder');
    });
    expect(store.policy('media-news-write').Statement.map(({ Sid }) => Sid)).to.deep.equal([
      'Objects',
      'Eviction',
      'Names',
    ]);
  });

  describe('refuse, before they exist,', () => {
    const OWNER = 'a grant (write) of TieredSegmentStore "media" has';
    const CASES: [what: string, id: unknown, role: unknown, scope: unknown, message: string][] = [
      [
        'a scope that names what is not there',
        'x',
        'role',
        { channels: ['News'], zones: ['c'] },
        `${OWNER} 2 bad arguments:\n` +
          '  channels[0] is "News"; allowed: 1 to 63 of a-z, 0-9 and inner hyphens; to correct it: correct it, or leave the property out for all\n' +
          '  zones[0] is "c"; allowed: a; to correct it: correct it, or leave the property out for all',
      ],
      [
        'a scope of nothing, which would be one of everything',
        'x',
        'role',
        { channels: [], zones: [] },
        `${OWNER} 2 bad arguments:\n` +
          '  channels is []; allowed: a list of at least one; to correct it: correct it, or leave the property out for all\n' +
          '  zones is []; allowed: a list of at least one; to correct it: correct it, or leave the property out for all',
      ],
      [
        'a scope with a property that is not there',
        'x',
        'role',
        { channel: ['news'] },
        `${OWNER} a bad argument:\n` +
          '  channel is ["news"] (there is no such property); allowed: channels, zones; to correct it: write channels',
      ],
      [
        'the ARN of a role',
        'x',
        'arn:aws:iam::123456789012:role/encoder',
        {},
        `${OWNER} a bad argument:\n` +
          '  role is "arn:aws:iam::123456789012:role/encoder"; allowed: the name of a role: 1 to 64 letters, digits and _+=,.@-; to correct it: give its name, not its ARN',
      ],
      [
        'an id that is none',
        'news channel',
        'role',
        {},
        `${OWNER} a bad argument:\n` +
          '  id is "news channel"; allowed: 1 to 64 letters, digits and _.-, beginning with a letter or digit; to correct it: rename it; it stays for the life of the grant',
      ],
    ];
    for (const [what, id, role, scope, message] of CASES) {
      it(what, async () => {
        let refused: Refusal | undefined;
        const store = await recordStore({ zones: ZONES }, {}, (made) => {
          try {
            made.grantWrite(id as string, role as string, scope as GrantScope);
          } catch (error) {
            refused = error as Refusal;
          }
        });
        expect(refused?.message).to.equal(message);
        expect(store.query.byType('aws:iam/rolePolicy:RolePolicy')).to.deep.equal([]);
      });
    }

    it('so many channels that IAM would refuse the policy', async () => {
      const named = (count: number) => Array.from({ length: count }, (_, n) => `channel-${n}`);
      const recording = (count: number) => () =>
        recordStore({ zones: ZONES }, {}, (made) => {
          made.grantWrite('x', 'role', { channels: named(count) });
        });
      expect(await lateFailure(recording(50))).to.equal('');
      expect(await lateFailure(recording(100))).to.match(
        /channels is \["channel-0",.* \(a policy of \d+ characters\); allowed: at most 10240, which is IAM's limit of all inline policies of a role; to correct it: leave it out for all channels, or share the channels out among roles/,
      );
    });

    it('a role that turns out to be none', async () => {
      const recording = () =>
        recordStore({ zones: ZONES }, {}, (made) => {
          made.grantRead('x', pulumi.output('a/b'));
        });
      expect(await lateFailure(recording)).to.include('role is "a/b"; allowed: the name');
    });
  });
});
