import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { SrtIngest, type PassphraseScope, type SrtIngestArgs } from '../../../components/ingest';
import { passphrasePolicy } from '../../../components/ingest/policies';
import { assertLeastPrivilege, isAllowed, type PrivilegeException } from '../../../testing';
import { lateFailure, recordProgramOf, type Refusal } from '../storage/store-recording';
import { FULL, KEY_ARN, MINIMAL, OTHER_KEY_ARN, SECRET_ARN, recordIngest } from './ingest-recording';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A role with a grant. */
const granted = (args: SrtIngestArgs, scope?: PassphraseScope) =>
  recordProgramOf(() => {
    const role = new iam.Role('encoder', { assumeRolePolicy: TRUST });
    new SrtIngest('srt', args).grantReadPassphrase('encoder', role.name, scope);
  });

const reads = (secretArn: string) => ({ action: 'secretsmanager:GetSecretValue', resource: secretArn });
const decrypts = (keyArn: string, secretArn: string) => ({
  action: 'kms:Decrypt',
  resource: keyArn,
  context: {
    'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com',
    'kms:EncryptionContext:SecretARN': secretArn,
  },
});

describe('the grants of SrtIngest', () => {
  it("let a role read one channel's passphrase, and neither write it nor read another's", async () => {
    const { graph, output } = await grantedTwo({ channels: ['news'] });
    const own = output('srt-channel-news-passphrase');
    assertLeastPrivilege(graph, 'encoder', [reads(own)]);
    const other = output('srt-channel-sport-passphrase');
    expect(isAllowed(graph, 'encoder', reads(other))).to.equal(false);
    const write = { action: 'secretsmanager:PutSecretValue', resource: own };
    expect(isAllowed(graph, 'encoder', write)).to.equal(false);
  });

  async function grantedTwo(scope: PassphraseScope) {
    const channels = { ...MINIMAL.channels, sport: { zone: 'use1-az4', port: 9002 } };
    const recorded = await granted({ ...MINIMAL, channels }, scope);
    return { graph: recorded.graph, output: (name: string) => String(recorded.output(name, 'arn')) };
  }

  it("let it use a customer's key for these secrets alone, through Secrets Manager", async () => {
    const recorded = await granted(FULL);
    const news = String(recorded.output('srt-channel-news-passphrase', 'arn'));
    const sport = String(recorded.output('srt-channel-sport-passphrase', 'arn'));
    const calls = [
      ...[news, sport, SECRET_ARN].map(reads),
      ...[news, sport].map((arn) => decrypts(KEY_ARN, arn)),
      decrypts(OTHER_KEY_ARN, SECRET_ARN),
    ];
    const reason = 'the keys and one secret are there already: their own policies are not of this program';
    const allow = [KEY_ARN, OTHER_KEY_ARN, SECRET_ARN].map((arn) => ({
      ...{ finding: 'notEvaluated' as const, what: `the policy of ${arn}`, reason },
    })) satisfies PrivilegeException[];
    assertLeastPrivilege(recorded.graph, 'encoder', calls, { allow });
    const refused = [
      decrypts(KEY_ARN, SECRET_ARN),
      { ...decrypts(KEY_ARN, news), context: { 'kms:EncryptionContext:SecretARN': news } },
    ];
    for (const call of refused) {
      expect(isAllowed(recorded.graph, 'encoder', call), JSON.stringify(call)).to.equal(false);
    }
  });

  it('are policies of the role, on which the ingest does not depend', async () => {
    const recorded = await granted(MINIMAL);
    const { urn } = recorded.child('encoder');
    const dependents = recorded.resources.filter(({ dependencies }) => dependencies.includes(urn));
    expect(dependents.map(({ name }) => name)).to.deep.equal(['srt-encoder-passphrase']);
    expect(recorded.inputs('srt-encoder-passphrase')['name']).to.match(
      /^video-test-srt-encoder-passphrase-[0-9a-f]{8}$/,
    );
  });

  it("name Secrets Manager as KMS sees it, in the secret's own region and partition", () => {
    const secretArn = 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-Ab1Cd2';
    const [, key] = passphrasePolicy([{ secretArn, keyArn: 'k' }]).Statement;
    expect(key!.Condition!['StringEquals']!['kms:ViaService']).to.deep.equal([
      'secretsmanager.cn-north-1.amazonaws.com',
      'secretsmanager.cn-north-1.amazonaws.com.cn',
    ]);
  });

  const CASES: [what: string, id: unknown, role: unknown, scope: unknown, message: string][] = [
    [
      'a channel that has no passphrase, and one that is not there',
      'x',
      'role',
      { channels: ['test', 'opera'] },
      'a grant of SrtIngest "srt" has 2 bad arguments:\n' +
        '  channels[0] is "test"; allowed: news, sport, film; to correct it: choose one\n' +
        '  channels[1] is "opera"; allowed: news, sport, film; to correct it: choose one',
    ],
    [
      'an empty list, which would be one of everything',
      'x',
      'role',
      { channels: [] },
      'a grant of SrtIngest "srt" has a bad argument:\n' +
        '  channels is []; allowed: a list of at least one of: news, sport, film; to correct it: correct it, or leave the property out for all',
    ],
    [
      'the ARN of a role, an id that is none, and a property that is not there',
      'a b',
      'arn:aws:iam::123456789012:role/encoder',
      { channel: ['news'] },
      'a grant of SrtIngest "srt" has 3 bad arguments:\n' +
        '  id is "a b"; allowed: 1 to 64 letters, digits and _.-, beginning with a letter or digit; to correct it: rename it; it stays for the life of the grant\n' +
        '  role is "arn:aws:iam::123456789012:role/encoder"; allowed: the name of a role: 1 to 64 letters, digits and _+=,.@-; to correct it: give its name, not its ARN\n' +
        '  channel is ["news"] (there is no such property); allowed: channels; to correct it: write channels',
    ],
  ];
  for (const [what, id, role, scope, message] of CASES) {
    it(`refuse ${what}, before they exist`, async () => {
      let refused: Refusal | undefined;
      const recorded = await recordIngest(FULL, {}, (ingest) => {
        try {
          ingest.grantReadPassphrase(id as string, role as string, scope as PassphraseScope);
        } catch (error) {
          refused = error as Refusal;
        }
      });
      expect(refused?.message).to.equal(message);
      expect(recorded.query.byType('aws:iam/rolePolicy:RolePolicy')).to.deep.equal([]);
    });
  }

  it('refuse so many secrets with a key that IAM would refuse the policy', async () => {
    const recording = (count: number) => () => {
      const channels = Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`channel-${n}`, { zone: 'use1-az4', port: 9000 + n }]),
      );
      return recordIngest({ ...MINIMAL, channels, keyArn: KEY_ARN }, {}, (ingest) => {
        ingest.grantReadPassphrase('all', 'encoder');
      });
    };
    expect(await lateFailure(recording(10))).to.equal('');
    expect(await lateFailure(recording(50))).to.match(
      /channels is absent \(a policy of \d+ characters\); allowed: at most 10240, which is IAM's limit of all inline policies of a role; to correct it: give each encoder a role/,
    );
  });

  it('refuse an ingest in which nothing is encrypted, and a role that turns out to be none', async () => {
    const channels = { news: { ...MINIMAL.channels.news, passphrase: false as const } };
    const recording = (args: SrtIngestArgs, role: pulumi.Input<string>) => () =>
      recordIngest(args, {}, (ingest) => void ingest.grantReadPassphrase('x', role));
    expect(await lateFailure(recording({ ...MINIMAL, channels }, 'role'))).to.include(
      'channels is absent; allowed: a list of at least one of: none, no channel has a passphrase',
    );
    expect(await lateFailure(recording(MINIMAL, pulumi.output('a/b')))).to.include(
      'role is "a/b"; allowed: the name',
    );
  });
});
