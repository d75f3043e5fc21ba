/** AWS Signature Version 4 of a request whose body is not signed, for what stands between a client and a server. */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './s3-server';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export interface Unsigned {
  readonly method: string;
  /** Path and query as they are sent; the query's names and values already encoded as RFC 3986 says. */
  readonly target: string;
  readonly host: string;
  /** Headers that are signed besides host and date, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @returns all headers to send */
export function signed(
  { method, target, host, headers }: Unsigned,
  { accessKeyId, secretAccessKey }: Credentials,
  region: string,
): Record<string, string> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${stamp.slice(0, 8)}/${region}/s3/aws4_request`;
  const all: Record<string, string> = {
    ...headers,
    host,
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amz-date': stamp,
  };
  const names = Object.keys(all).sort();
  const [path, query = ''] = target.split('?') as [string, string?];
  const canonical = [
    method,
    path,
    query
      .split('&')
      .filter(Boolean)
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${all[name]!.trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = ['s3', 'aws4_request'].reduce<Buffer>(
    hmac,
    hmac(hmac(`AWS4${secretAccessKey}`, stamp.slice(0, 8)), region),
  );
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash}`).toString('hex');
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
