/** A self-signed certificate for loopback, kept from run to run so that a browser has to be told only once. */
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';

const DAYS = 365;
const RENEW_BEFORE_MS = 7 * 24 * 3600 * 1000;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export async function loopbackCertificate(folder: string): Promise<CertificateFiles> {
  const files = { cert: path.join(folder, 'loopback.crt'), key: path.join(folder, 'loopback.key') };
  if (await isGood(files)) return files;
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + DAYS * 24 * 3600 * 1000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  await writeFile(files.key, made.private, { mode: 0o600 });
  await writeFile(files.cert, made.cert);
  return files;
}

async function isGood({ cert, key }: CertificateFiles): Promise<boolean> {
  try {
    await readFile(key);
    const validTo = new X509Certificate(await readFile(cert)).validTo;
    return Date.parse(validTo) - Date.now() > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}
