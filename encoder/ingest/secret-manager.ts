/**
 * A secret of AWS Secrets Manager, read once, at the start, with the role of the task. One request needs no client of
 * its own: the SDK's client of S3, which is here anyway, finds the credentials and signs it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Logger } from '../telemetry/log';
import { secretLines, type SecretKind } from './secret-lines';

/** The secret cannot be had as it is set up: to try again does not help. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

export interface SecretManagerOptions {
  readonly log: Logger;
  /**
   * URL of another server: https, or http on loopback.
   * @default that of AWS in the secret's region
   */
  readonly endpoint?: string;
  /** @default those of the SDK's own chain: environment, shared files, the task's or the instance's role */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
  /** Milliseconds before the second attempt; each later one waits twice as long. @default 250 */
  readonly firstRetryMs?: number;
}

const ARN =
  /^arn:(aws[a-z-]*):secretsmanager:([a-z0-9-]+):\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;
const ATTEMPTS = 5;
const FIRST_RETRY_MS = 250;
/** An answer is a few hundred bytes; a service that takes longer is tried again. */
const REQUEST_MS = 5000;

/** What is wrong with the ARN of a secret. */
export const secretArnProblem = (arn: string): string | undefined =>
  ARN.test(arn)
    ? undefined
    : 'is no ARN of a secret; allowed is arn:aws:secretsmanager:<region>:<account>:secret:<name> with its six last characters';

/**
 * One or two lines, as in a file.
 *
 * @throws SecretError that says what to do; Error where the service could not be reached. Never with a secret in it
 */
export async function readSecretOf(
  arn: string,
  kind: SecretKind,
  options: SecretManagerOptions,
): Promise<readonly string[]> {
  const where = `the ${kind.name} secret ${arn}`;
  const problem = secretArnProblem(arn);
  if (problem !== undefined) throw new SecretError(`${where} ${problem}`);
  const text = await secretText(where, arn, options);
  // What the console's form makes of it; as a passphrase it would be taken, and match no contributor's.
  if (/^\s*\{/.test(text)) throw new SecretError(`${where} is JSON: put it as plain text, one or two lines`);
  try {
    return secretLines(where, text, kind);
  } catch (error) {
    throw new SecretError((error as Error).message);
  }
}

/** An attempt that may go better the next time. */
class Passing extends Error {}

async function secretText(where: string, arn: string, options: SecretManagerOptions): Promise<string> {
  let waitMs = options.firstRetryMs ?? FIRST_RETRY_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await request(where, arn, options);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      const why = error.message;
      if (attempt === ATTEMPTS) throw new Error(`${where} could not be read in ${ATTEMPTS} attempts: ${why}`);
      options.log.warn({ attempt, why }, `${where} could not be read: ${why}. Trying again`);
      await delay(waitMs * (0.5 + Math.random() / 2));
      waitMs *= 2;
    }
  }
}

async function request(where: string, arn: string, options: SecretManagerOptions): Promise<string> {
  const url = endpointOf(where, arn, options.endpoint);
  const body = JSON.stringify({ SecretId: arn });
  const headers = await signed(arn, url, body, options.credentials);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_MS),
  }).catch((error: unknown) => {
    throw new Passing(reasonOf(error, url));
  });
  const text = await response.text().catch((error: unknown) => {
    throw new Passing(reasonOf(error, url));
  });
  const answer = parsed(text);
  if (!response.ok) throw refusalOf(where, arn, response.status, answer);
  if (typeof answer['SecretString'] === 'string') return answer['SecretString'];
  if (answer['SecretBinary'] === undefined) throw new Passing(`${url.host} answered without a value`);
  throw new SecretError(`${where} is binary: put it as plain text, one or two lines`);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The text of an error would do, but for one of `fetch`, which says it in its cause. */
function reasonOf(error: unknown, { host }: URL): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError'
    ? `${host} did not answer in ${REQUEST_MS} ms`
    : `${host}: ${cause?.code ?? name}`;
}

const SUFFIXES: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

function endpointOf(where: string, arn: string, given: string | undefined): URL {
  const [, partition, region] = ARN.exec(arn)!;
  if (given) {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const isLocal = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(url?.hostname ?? '');
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return new URL('/', url);
    throw new SecretError(
      `the endpoint of Secrets Manager, ${JSON.stringify(given)}, is wrong; allowed is an https:// URL, or http:// on loopback`,
    );
  }
  const suffix = SUFFIXES[partition!];
  if (suffix) return new URL(`https://secretsmanager.${region}.${suffix}/`);
  throw new SecretError(
    `${where} is of the partition ${partition}, whose addresses are not known here: set AWS_ENDPOINT_URL_SECRETS_MANAGER`,
  );
}

/** Headers of the request, with its signature. */
async function signed(
  arn: string,
  url: URL,
  body: string,
  credentials: SecretManagerOptions['credentials'],
): Promise<Record<string, string>> {
  const region = ARN.exec(arn)![2]!;
  // Of this request alone: the SDK keeps the first service that a client signs for.
  const client = new S3Client({ region, ...(credentials && { credentials }) });
  try {
    const signer = await client.config.signer({
      name: 'sigv4',
      signingName: 'secretsmanager',
      signingRegion: region,
      properties: {},
    });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      query: {},
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
      body,
    });
    return headers;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Passing(`no credentials (${name}: ${message})`);
  } finally {
    client.destroy();
  }
}

const LATER = /Throttling|TooManyRequests|InternalService|ServiceUnavailable/;

/** By the code alone: what the service says besides is not ours to judge. */
function refusalOf(where: string, arn: string, status: number, answer: Record<string, unknown>): Error {
  const type = typeof answer['__type'] === 'string' ? answer['__type'] : '';
  const code = type.slice(type.lastIndexOf('#') + 1).replace(/[^A-Za-z0-9]/g, '') || String(status);
  if (status >= 500 || status === 429 || LATER.test(code)) return new Passing(code);
  return new SecretError(`${where} cannot be read (${code}): ${remedyOf(code, arn)}`);
}

function remedyOf(code: string, arn: string): string {
  switch (code) {
    case 'ResourceNotFoundException':
      return `it does not exist or has no value yet; put one: aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://<file of one or two lines>`;
    case 'AccessDeniedException':
      return "the task's role needs secretsmanager:GetSecretValue on it, and kms:Decrypt where a key of your own encrypts it";
    case 'DecryptionFailure':
      return 'its key of KMS cannot be used: see that the key is enabled';
    case 'InvalidRequestException':
      return 'it is being deleted: restore it, or name another';
    default:
      return 'see the ARN, the region and the role of the task';
  }
}
