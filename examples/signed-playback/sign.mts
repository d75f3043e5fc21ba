/** Lines of Set-Cookie that let one viewer watch one channel: node sign.mts <channel's URL> <key pair id> <private key file> */
import { readFileSync } from 'node:fs';
import { setCookieValues, signCookies } from 'pulumi-aws-media/sign';

const HOURS = 4;

const [url, keyPairId, privateKeyFile] = process.argv.slice(2);
if (url === undefined || keyPairId === undefined || privateKeyFile === undefined) {
  console.error('usage: node sign.mts <URL of the channel> <id of the key pair> <file of the private key>');
  process.exit(64);
}

const cookies = signCookies(
  // Everything of the channel: playlists, parts, segments. A signature of the playlist alone plays nothing.
  { resource: new URL('*', url).href, expires: new Date(Date.now() + HOURS * 3600_000) },
  { keyPairId, privateKey: readFileSync(privateKeyFile, 'utf8') },
);
for (const value of setCookieValues(cookies, { path: new URL('.', url).pathname })) {
  console.log(`Set-Cookie: ${value}`);
}
