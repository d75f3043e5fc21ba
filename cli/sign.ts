/** `aws-media sign`: signed URLs, signed cookies, and tokens of the edge function. */
import { Option, type Command } from 'commander';
import { DURATION_FORM, parseDuration } from '../components/kit/durations';
import {
  setCookieValues,
  signCookies,
  SignError,
  signToken,
  signUrl,
  type SignHash,
  type SigningKey,
} from '../components/delivery/sign';
import { CommandError, EXIT_CODES } from './exit';
import { print } from './print';
import { readPrivateFile } from './private-file';

interface AccessFlags {
  expires?: string;
  notBefore?: string;
  ip?: string;
}

interface KeyFlags {
  keyPairId?: string;
  privateKey?: string;
  hash: string;
}

type UrlFlags = AccessFlags & KeyFlags & { resource?: string };

type CookieFlags = AccessFlags &
  KeyFlags & { domain?: string; path?: string; sameSite: 'lax' | 'strict' | 'none'; format: string };

type TokenFlags = AccessFlags & { keyId?: string; secretFile?: string; audience?: string; id?: string };

const HASH_NAMES = { sha256: 'SHA256', sha1: 'SHA1' } as const satisfies Record<string, SignHash>;

const PLAYLIST_NOTE =
  'aws-media: note: players ask for the URIs in a playlist without its signature; for HLS take `aws-media sign cookies`, or --resource with a wildcard and a player that adds the parameters to each request\n';

export function addSignCommand(program: Command): void {
  const sign = program
    .command('sign')
    .description('sign what CloudFront or its edge function lets in: a URL, cookies, a token');
  withKey(withTimes(sign.command('url')))
    .description('a URL with a signature; the URIs in a playlist do not have it: for HLS take cookies')
    .argument('<url>', 'as https://media.example.com/videos/film.mp4')
    .option('--resource <pattern>', 'what the signature is good for, with * and ? as wildcards')
    .action(async (url: string, flags: UrlFlags) => {
      const signed = signedUrl(url, flags);
      if (/\.(?:m3u8|mpd)(?:\?|$)/.test(url)) process.stderr.write(PLAYLIST_NOTE);
      await print(`${signed}\n`);
    });
  withKey(withTimes(sign.command('cookies')))
    .description('cookies for everything that a pattern names')
    .argument('<resource>', "as 'https://media.example.com/live/news/*', in quotes")
    .option('--domain <host>', 'whose subdomains get the cookies too; else the host that sets them')
    .option('--path <path>', 'under which browsers send them', '/')
    .addOption(
      new Option('--same-site <kind>', 'for pages of other sites: none')
        .choices(['lax', 'strict', 'none'])
        .default('lax'),
    )
    .addOption(
      new Option('--format <form>', 'lines of Set-Cookie, a configuration for curl --config, or JSON')
        .choices(['set-cookie', 'curl', 'json'])
        .default('set-cookie'),
    )
    .action(async (resource: string, flags: CookieFlags) => print(signedCookies(resource, flags)));
  withTimes(sign.command('token'))
    .description("a token of the edge function's, whose secret its KeyValueStore holds")
    .argument('<path>', 'as /live/news/ for everything under it')
    .option('--key-id <id>', 'the secret is in the KeyValueStore as key/<id>')
    .option('--secret-file <file>', 'with the secret, of mode 0600')
    .option('--audience <name>', "what the function's audience is")
    .option('--id <name>', 'by which it can be revoked')
    .action(async (path: string, flags: TokenFlags) => print(`${signedToken(path, flags)}\n`));
}

const withTimes = (command: Command): Command =>
  command
    .option('--expires <when>', '"2 hours" from now, or 2026-12-31T23:00:00Z')
    .option('--not-before <when>', 'in the same forms')
    .option('--ip <address>', 'of the viewer; of URLs and cookies IPv4, or a range as 192.0.2.0/24');

const withKey = (command: Command): Command =>
  command
    .option('--key-pair-id <id>', "the public key's id in CloudFront")
    .option('--private-key <file>', 'PEM of mode 0600: RSA of 2048 bits, or ECDSA P-256')
    .addOption(
      new Option('--hash <name>', 'of the signature').choices(Object.keys(HASH_NAMES)).default('sha256'),
    );

/** Flags are read one by one, and what is wrong with all of them is said together. */
class Reader {
  readonly #problems: string[] = [];
  readonly now = new Date();

  needed(flag: string, value: string | undefined): string {
    if (value === undefined) this.#problems.push(`${flag} is missing`);
    return value ?? '';
  }

  file(flag: string, file: string | undefined): string {
    if (file === undefined) return this.needed(flag, file);
    const read = readPrivateFile(file);
    if ('text' in read) return read.text;
    this.#problems.push(`${flag} ${read.problem}`);
    return '';
  }

  time(flag: string, text: string | undefined): Date | undefined {
    if (text === undefined) return undefined;
    const seconds = parseDuration(text);
    if (seconds !== undefined) return new Date(this.now.getTime() + seconds * 1000);
    const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
    const date = new Date(text);
    if (isInstant && !Number.isNaN(date.getTime())) return date;
    const allowed = `${DURATION_FORM}, from now; or a time with its zone, as 2026-12-31T23:00:00Z`;
    this.#problems.push(`${flag} is ${JSON.stringify(text)}; allowed: ${allowed}`);
    return undefined;
  }

  times({ expires, notBefore, ip }: AccessFlags): {
    readonly expires: Date;
    readonly notBefore?: Date;
    readonly ip?: string;
  } {
    this.needed('--expires', expires);
    const from = this.time('--not-before', notBefore);
    // Where it is missing that is said, and nothing more.
    const until = this.time('--expires', expires) ?? new Date(8.64e15);
    return { expires: until, ...(from && { notBefore: from }), ...(ip !== undefined && { ip }) };
  }

  key({ keyPairId, privateKey, hash }: KeyFlags): SigningKey {
    return {
      keyPairId: this.needed('--key-pair-id', keyPairId),
      privateKey: this.file('--private-key', privateKey),
      hash: HASH_NAMES[hash as keyof typeof HASH_NAMES],
    };
  }

  /** @throws CommandError with every problem */
  signed<T>(sign: () => T, flags: Readonly<Record<string, string>>): T {
    let result: { readonly value: T } | undefined;
    try {
      result = { value: sign() };
    } catch (error) {
      if (!(error instanceof SignError)) throw error;
      for (const { path, problem } of error.problems) {
        const flag = flags[path] ?? path;
        // A flag that is missing or cannot be read is said to be so already.
        if (!this.#problems.some((line) => line.startsWith(`${flag} `)))
          this.#problems.push(`${flag} ${problem}`);
      }
    }
    if (this.#problems.length === 0 && result) return result.value;
    const lines = this.#problems.map((problem) => `\n  ${problem}`).join('');
    throw new CommandError(`nothing was signed:${lines}`, EXIT_CODES.usage);
  }
}

const ACCESS_FLAGS = {
  'access.expires': '--expires',
  'access.notBefore': '--not-before',
  'access.ip': '--ip',
  'key.keyPairId': '--key-pair-id',
  'key.privateKey': '--private-key',
} as const;

function signedUrl(url: string, flags: UrlFlags): string {
  const reader = new Reader();
  const { resource } = flags;
  const key = reader.key(flags);
  const access = { ...reader.times(flags), ...(resource !== undefined && { resource }) };
  return reader.signed(() => signUrl(url, access, key, reader.now), {
    ...ACCESS_FLAGS,
    url: '<url>',
    'access.resource': '--resource',
  });
}

function signedCookies(resource: string, flags: CookieFlags): string {
  const reader = new Reader();
  const key = reader.key(flags);
  const access = { ...reader.times(flags), resource };
  const { domain, path = '/', sameSite, format } = flags;
  const attributes = { path, sameSite, ...(domain !== undefined && { domain }) };
  return reader.signed(
    () => {
      const cookies = signCookies(access, key, reader.now);
      const values = setCookieValues(cookies, attributes);
      if (format === 'json') return `${JSON.stringify(cookies)}\n`;
      if (format === 'set-cookie') return values.map((value) => `Set-Cookie: ${value}\n`).join('');
      const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
      return `cookie = "${pairs.join('; ')}"\n`;
    },
    { ...ACCESS_FLAGS, 'access.resource': '<resource>', domain: '--domain', path: '--path' },
  );
}

function signedToken(path: string, flags: TokenFlags): string {
  const reader = new Reader();
  const { audience, id } = flags;
  const key = {
    id: reader.needed('--key-id', flags.keyId),
    secret: reader.file('--secret-file', flags.secretFile).trim(),
  };
  const claims = {
    ...reader.times(flags),
    path,
    ...(audience !== undefined && { audience }),
    ...(id !== undefined && { id }),
  };
  return reader.signed(() => signToken(claims, key, reader.now), {
    'claims.path': '<path>',
    'claims.expires': '--expires',
    'claims.notBefore': '--not-before',
    'claims.ip': '--ip',
    'claims.id': '--id',
    'key.id': '--key-id',
    'key.secret': '--secret-file',
  });
}
