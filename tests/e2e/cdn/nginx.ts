/** nginx in the place of CloudFront, configured from the distribution that a program would make. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Recorded } from '../../components/recorded';
import { behaviorsOf, type Behavior } from '../../components/delivery/cdn/path-pattern';

/** Where Debian has it, for a user whose PATH has no /usr/sbin. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

export const hasNginx = (): boolean =>
  spawnSync('nginx', ['-v'], { env: { ...process.env, PATH } }).status === 0;

interface CachePolicy {
  readonly defaultTtl: number;
  readonly parametersInCacheKeyAndForwardedToOrigin: {
    readonly enableAcceptEncodingBrotli: boolean;
    readonly queryStringsConfig: { readonly queryStrings?: { readonly items: readonly string[] } };
  };
}

interface Distribution {
  readonly origins: readonly {
    readonly originId: string;
    readonly vpcOriginConfig?: { readonly originReadTimeout: number };
  }[];
  readonly originGroups: readonly {
    readonly originId: string;
    readonly members: readonly { readonly originId: string }[];
    readonly failoverCriteria: { readonly statusCodes: readonly number[] };
  }[];
  readonly customErrorResponses: readonly {
    readonly errorCode: number;
    readonly errorCachingMinTtl: number;
  }[];
}

/** A path pattern as a regular expression of nginx. */
const location = (pattern: string | undefined): string =>
  pattern === undefined
    ? '/'
    : `~ ^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`;

const S3_SECONDS = 30;

/**
 * What CloudFront does with it, as far as nginx has it: the first behaviour that fits, cache keys of the policies, one
 * request to an origin for all who wait, failover, lifetimes of errors. It has neither the most that an answer may be kept
 * nor Origin Shield.
 */
export function nginxConfig(
  cdn: Recorded,
  { folder, port, origins }: { folder: string; port: number; origins: Readonly<Record<string, number>> },
): string {
  const distribution = cdn.inputs('cdn-1') as unknown as Distribution;
  const policies = new Map(
    cdn.query
      .byType('aws:cloudfront/cachePolicy:CachePolicy')
      .map(({ id, inputs }) => [id, inputs as unknown as CachePolicy]),
  );
  const policyOf = ({ cachePolicyId }: Behavior): CachePolicy => policies.get(cachePolicyId)!;
  const stringsOf = (behavior: Behavior): readonly string[] =>
    policyOf(behavior).parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig.queryStrings?.items ?? [];
  const strings = [...new Set(behaviorsOf(cdn).flatMap(stringsOf))];
  const query = strings.map((_, n) => `$query${n}`).join('');
  const secondsOf = (originId: string): number =>
    distribution.origins.find((origin) => origin.originId === originId)?.vpcOriginConfig?.originReadTimeout ??
    S3_SECONDS;

  const fetching = (behavior: Behavior, originId: string): string[] => {
    const { defaultTtl, parametersInCacheKeyAndForwardedToOrigin: key } = policyOf(behavior);
    const asked = stringsOf(behavior).length > 0 ? '$query' : '';
    const encoding = key.enableAcceptEncodingBrotli ? '$encoding' : '';
    const errors = distribution.customErrorResponses.filter((error) => error.errorCachingMinTtl > 0);
    return [
      'proxy_cache edge;',
      `proxy_cache_key "${originId} $uri${asked} ${encoding}";`,
      'proxy_cache_lock on;',
      `proxy_cache_lock_timeout ${secondsOf(originId)}s;`,
      `proxy_cache_lock_age ${secondsOf(originId)}s;`,
      `proxy_cache_valid 200 206 ${defaultTtl}s;`,
      ...errors.map((error) => `proxy_cache_valid ${error.errorCode} ${error.errorCachingMinTtl}s;`),
      'proxy_ignore_headers Vary;',
      `proxy_set_header Accept-Encoding "${encoding}";`,
      'proxy_set_header Cookie "";',
      'proxy_set_header Connection "";',
      'proxy_http_version 1.1;',
      `proxy_read_timeout ${secondsOf(originId)}s;`,
      `proxy_pass http://${originId}$uri${asked};`,
    ];
  };
  const blocks = behaviorsOf(cdn).flatMap((behavior, n) => {
    const group = distribution.originGroups.find(({ originId }) => originId === behavior.targetOriginId);
    if (!group)
      return [
        `location ${location(behavior.pathPattern)} {`,
        ...fetching(behavior, behavior.targetOriginId),
        '}',
      ];
    const [first, second] = group.members.map(({ originId }) => originId);
    return [
      `location ${location(behavior.pathPattern)} {`,
      ...fetching(behavior, first!),
      'proxy_intercept_errors on;',
      `error_page ${group.failoverCriteria.statusCodes.join(' ')} = @second${n};`,
      '}',
      `location @second${n} {`,
      ...fetching(behavior, second!),
      '}',
    ];
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off;',
    'master_process off;',
    `pid ${folder}/nginx.pid;`,
    `error_log ${folder}/error.log warn;`,
    // To each viewer one, and to the origins.
    'events { worker_connections 8192; }',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/${name};`),
    `proxy_cache_path ${folder}/cache keys_zone=edge:4m inactive=1d use_temp_path=off;`,
    ...strings.map((name, n) => `map $arg_${name} $query${n} { "" ""; default "${name}=$arg_${name}&"; }`),
    `map "${query}" $query { "" ""; default "?${query}"; }`,
    'map $http_accept_encoding $encoding { default ""; "~\\bbr\\b" br; "~\\bgzip\\b" gzip; }',
    ...Object.entries(origins).map(
      ([id, number]) => `upstream ${id} { server 127.0.0.1:${number}; keepalive 64; }`,
    ),
    `server { listen 127.0.0.1:${port};`,
    ...blocks,
    '}',
    '}',
    '',
  ].join('\n');
}

/** A running nginx. */
export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startNginx(cdn: Recorded, origins: Readonly<Record<string, number>>): Promise<Nginx> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cdn-'));
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, nginxConfig(cdn, { folder, port, origins }));
  const errors = path.join(folder, 'error.log');
  const child = spawn('nginx', ['-p', folder, '-e', errors, '-c', file], {
    env: { ...process.env, PATH },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  };
  try {
    await listening(child, port);
  } catch (error) {
    const said = await readFile(errors, 'utf8').catch(() => '');
    await stop();
    throw new Error(`${(error as Error).message}\n${said}`, { cause: error });
  }
  return { port, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** nginx tells nobody that it listens: asked until it does. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`nginx ended at its start, with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await delay(25);
  }
  throw new Error('nginx does not listen');
}
