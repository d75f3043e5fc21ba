import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ENCODER_ENVIRONMENT, tickGrid } from '../../../encoder/contract';
import { EnvironmentError, parseEnvironment } from '../../../encoder/environment';
import { startContribution } from '../../../encoder/ingest/contribution';
import { SecretError } from '../../../encoder/ingest/secret-manager';
import { readPassphraseSecret, startSrtFront } from '../../../encoder/ingest/srt';
import { resolveLadder } from '../../../encoder/ladder/resolve';
import { createLogger } from '../../../encoder/telemetry/log';
import { rejection } from '../../support/rejection';
import { skip } from '../../support/skip';
import {
  SrtPush,
  packets,
  portOf,
  pushAll,
  sha256,
  srtMissing,
  stopSrtPushes,
} from '../../support/srt-caller';
import { FrontRig } from './front-rig';
import { CREDENTIALS, SecretsServer, type Answer } from './secrets-server';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:srt-news-Ab1Cd2';
const PASSPHRASE = 'a passphrase in use';

const value = (SecretString: string): Answer => ({ status: 200, body: { ARN, SecretString } });
const refused = (code: string, status = 400): Answer => ({
  status,
  body: { __type: `com.amazonaws.secretsmanager#${code}`, Message: PASSPHRASE },
});

describe('readPassphraseSecret', () => {
  let server: SecretsServer | undefined;
  let rig: FrontRig;

  beforeEach(() => {
    rig = new FrontRig();
  });

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function read(...answers: Answer[]): Promise<readonly string[]> {
    server = await SecretsServer.start(...answers);
    return readPassphraseSecret(ARN, {
      log: rig.options.log,
      endpoint: server.url,
      credentials: CREDENTIALS,
      firstRetryMs: 1,
    });
  }

  const refusal = async (...answers: Answer[]): Promise<Error> =>
    (await rejection(read(...answers))) as Error;

  it('asks once for this secret, signed for Secrets Manager in its region with the credentials of the role', async () => {
    expect(await read(value(PASSPHRASE))).to.deep.equal([PASSPHRASE]);
    expect(server!.asked).to.deep.equal([
      { target: 'secretsmanager.GetSecretValue', body: { SecretId: ARN }, fault: undefined },
    ]);
  });

  it('takes two lines while a passphrase is rotated', async () => {
    expect(await read(value(`${PASSPHRASE}\nthe next one here\n`))).to.deep.equal([
      PASSPHRASE,
      'the next one here',
    ]);
  });

  it('names lines that are wrong as a file would, by number and length alone', async () => {
    const error = await refusal(value(`short\n${'r'.repeat(80)}`));
    expect(error).to.be.instanceOf(SecretError);
    expect(error.message).to.equal(
      `the passphrase secret ${ARN} is wrong: line 1 has 5 bytes; SRT allows 10 to 79; line 2 has 80 bytes; SRT allows 10 to 79`,
    );
  });

  it("refuses JSON, which the console's form makes, and binary values", async () => {
    const json = await refusal(value(`{"passphrase":"${PASSPHRASE}"}`));
    expect(json.message).to.equal(
      `the passphrase secret ${ARN} is JSON: put it as plain text, one or two lines`,
    );
    await server!.close();
    const binary = await refusal({ status: 200, body: { ARN, SecretBinary: 'AAAA' } });
    expect(binary.message).to.equal(
      `the passphrase secret ${ARN} is binary: put it as plain text, one or two lines`,
    );
  });

  const REFUSALS: [code: string, remedy: string][] = [
    ['ResourceNotFoundException', `put one: aws secretsmanager put-secret-value --secret-id ${ARN}`],
    ['AccessDeniedException', "the task's role needs secretsmanager:GetSecretValue"],
    ['DecryptionFailure', 'see that the key is enabled'],
    ['InvalidRequestException', 'it is being deleted'],
    ['SomethingNew', 'see the ARN, the region and the role of the task'],
  ];
  for (const [code, remedy] of REFUSALS) {
    it(`${code}: says what to do, at the first attempt, and nothing of what the service said`, async () => {
      const error = await refusal(refused(code));
      expect(error).to.be.instanceOf(SecretError);
      expect(error.message).to.contain(`the passphrase secret ${ARN} cannot be read (${code}): `);
      expect(error.message).to.contain(remedy);
      expect(error.message).not.to.contain(PASSPHRASE);
      expect(server!.asked).to.have.length(1);
    });
  }

  it('tries again when the service is busy, broken or breaks off', async () => {
    const answers = [
      refused('ThrottlingException'),
      { status: 503, body: 'not JSON' },
      { status: 200, body: 'not JSON' },
      undefined,
      value(PASSPHRASE),
    ];
    expect(await read(...answers)).to.deep.equal([PASSPHRASE]);
    const { host } = new URL(server!.url);
    expect(rig.lines.map(({ attempt, why }) => [attempt, why])).to.deep.equal([
      [1, 'ThrottlingException'],
      [2, '503'],
      [3, `${host} answered without a value`],
      [4, `${host}: UND_ERR_SOCKET`],
    ]);
  });

  it('gives up after five attempts with an error that a restart may mend', async () => {
    const error = await refusal(refused('ThrottlingException'));
    expect(error).not.to.be.instanceOf(SecretError);
    expect(error.message).to.equal(
      `the passphrase secret ${ARN} could not be read in 5 attempts: ThrottlingException`,
    );
    expect(server!.asked).to.have.length(5);
  });

  it('shows no passphrase in any log line', async () => {
    await refusal(refused('ThrottlingException'), value(`${PASSPHRASE}\nshort`));
    expect(rig.lines).to.have.length(1);
    expect(JSON.stringify(rig.lines)).not.to.contain(PASSPHRASE);
  });

  it('sends nothing in the clear to another machine', async () => {
    const options = { log: rig.options.log, credentials: CREDENTIALS };
    for (const endpoint of ['http://192.0.2.1:80', 'http://127.0.0.1.example.com', 'nonsense']) {
      const error = (await rejection(readPassphraseSecret(ARN, { ...options, endpoint }))) as Error;
      expect(error.message).to.equal(
        `the endpoint of Secrets Manager, ${JSON.stringify(endpoint)}, is wrong; allowed is an https:// URL, or http:// on loopback`,
      );
    }
  });

  it('refuses what is no ARN of a secret, and a partition whose addresses it does not know', async () => {
    const options = { log: rig.options.log, credentials: CREDENTIALS };
    const wrong = (await rejection(readPassphraseSecret('srt-news', options))) as Error;
    expect(wrong.message).to.contain(
      'the passphrase secret srt-news is no ARN of a secret; allowed is arn:aws:',
    );
    const elsewhere = ARN.replace('arn:aws:', 'arn:aws-iso:');
    const unknown = (await rejection(readPassphraseSecret(elsewhere, options))) as Error;
    expect(unknown.message).to.contain('set AWS_ENDPOINT_URL_SECRETS_MANAGER');
  });

  it('reads what a real SRT caller must then give', async function () {
    const missing = srtMissing();
    if (missing !== undefined) skip(this, missing);
    const passphrases = await read(value(PASSPHRASE));
    const settings = { mode: 'listener', host: '127.0.0.1', port: 0, latencyMs: 120 } as const;
    const front = await startSrtFront({ ...settings, passphrases }, rig.options);
    const port = portOf(front.url);
    try {
      const stranger = new SrtPush({ port, passphrase: 'another passphrase' });
      await stranger.ended;
      expect((await rig.line('caller refused'))['reason']).to.equal('passphrase');
      const media = packets(100_000);
      await pushAll({ port, passphrase: PASSPHRASE }, media);
      const { ended } = await rig.session(0);
      expect(sha256(await ended)).to.equal(sha256(media));
    } finally {
      stopSrtPushes();
      await front.close();
    }
  });
});

describe('an encoder whose passphrase is in Secrets Manager', () => {
  const start = (more: Record<string, string>) => {
    const env = parseEnvironment(ENCODER_ENVIRONMENT, {
      ...{ CHANNEL: 'news', STORE: 'file:/tmp/media', SOURCE: 'srt', SRT_PORT: '0' },
      ...more,
    });
    return startContribution({
      env,
      ladder: resolveLadder('tiny', '30'),
      frameRate: '30',
      grid: tickGrid('30', 'balanced', 48_000),
      engine: 'software',
      log: createLogger('encoder', 'silent'),
      registry: new Registry(),
    });
  };

  it('names a secret beside a file, and what is no ARN, before it starts anything', async () => {
    const error = (await rejection(
      start({ SRT_PASSPHRASES_FILE: '/run/passphrases', SRT_PASSPHRASE_SECRET: 'news' }),
    )) as Error;
    expect(error).to.be.instanceOf(EnvironmentError);
    expect(error.message.split('\n  ')).to.deep.equal([
      '2 bad environment variable(s):',
      'SRT_PASSPHRASES_FILE and SRT_PASSPHRASE_SECRET are both set; allowed is one',
      'SRT_PASSPHRASE_SECRET is "news"; it is no ARN of a secret; allowed is arn:aws:secretsmanager:<region>:<account>:secret:<name> with its six last characters',
    ]);
  });

  it('reads it at the start, and ends with what to do where it has no value yet', async () => {
    const server = await SecretsServer.start(refused('ResourceNotFoundException'));
    const variables = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    };
    const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
    Object.assign(process.env, variables);
    try {
      const error = (await rejection(start({ SRT_PASSPHRASE_SECRET: ARN, SRT_KEY_LENGTH: '32' }))) as Error;
      expect(error).to.be.instanceOf(EnvironmentError);
      expect(error.message).to.contain(`${ARN} cannot be read (ResourceNotFoundException)`);
      expect(server.asked.map(({ fault }) => fault)).to.deep.equal([undefined]);
    } finally {
      for (const [name, old] of Object.entries(before)) {
        if (old === undefined) delete process.env[name];
        else process.env[name] = old;
      }
      await server.close();
    }
  });
});
