/** The runtime's own processes, run until they have written every metric that they have for CloudWatch. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { STAND_IN } from '../../encoder/telemetry/fake-nvidia-smi';

const RUNTIME = path.resolve(__dirname, '../../../encoder');

/** A metric as a line of the Embedded Metric Format has it. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  /** Names. */
  readonly dimensions: readonly string[];
}

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

export function metricsIn(line: string): readonly EmittedMetric[] {
  const { _aws: aws } = JSON.parse(line) as Line;
  return aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }) => ({
      ...{ namespace: Namespace, name: Name, unit: Unit },
      dimensions: Dimensions[0]!,
    })),
  );
}

/**
 * What an encoder writes that is contributed to by SRT, has a GPU and a store of S3.
 * @param wanted names of metrics without which it goes on
 */
export async function ofEncoder(wanted: readonly string[]): Promise<readonly EmittedMetric[]> {
  const s3 = await startS3();
  const environment = {
    ...{
      CHANNEL: 'news',
      SOURCE: 'srt',
      SRT_PORT: '0',
      LADDER: 'tiny',
      ENCODER: 'software',
      STORE: 's3:media',
    },
    ...{ FAKE_GPU: 'l4', FAKE_GPU_STATE: 'busy', METRICS_GPU: 'true' },
    PATH: `${STAND_IN}${path.delimiter}${process.env['PATH']}`,
  };
  try {
    return await run(path.join(RUNTIME, 'main.js'), s3.url, environment, wanted);
  } finally {
    s3.close();
  }
}

/** What an origin writes. @param wanted as of {@link ofEncoder} */
export async function ofOrigin(wanted: readonly string[]): Promise<readonly EmittedMetric[]> {
  const s3 = await startS3();
  try {
    const environment = { ORIGIN_NAME: 'origin', HTTP_PORT: '0', STORE: 's3:media' };
    return await run(path.join(RUNTIME, 'origin/main.js'), s3.url, environment, wanted);
  } finally {
    s3.close();
  }
}

async function run(
  program: string,
  endpoint: string,
  environment: Readonly<Record<string, string>>,
  wanted: readonly string[],
): Promise<readonly EmittedMetric[]> {
  const { PATH, HOME, NODE_PATH } = process.env;
  const child = spawn(process.execPath, [program], {
    env: {
      ...{ PATH, HOME, NODE_PATH, HOST: '127.0.0.1', S3_ENDPOINT: endpoint, LOG_LEVEL: 'warn' },
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
      ...{ METRICS_PORT: '0', METRICS_INTERVAL_SECONDS: '1', METRICS_EMF: 'true' },
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    return await collected(child, wanted);
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

/** Until all that is wanted has come. @throws Error with what is missing and what the process said, where it ends before */
async function collected(child: ChildProcess, wanted: readonly string[]): Promise<readonly EmittedMetric[]> {
  const found = new Map<string, EmittedMetric>();
  let said = '';
  child.stderr!.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const isThere = (name: string): boolean => [...found.values()].some((metric) => metric.name === name);
  const deadline = setTimeout(() => child.kill('SIGTERM'), WAIT_MS);
  for await (const line of createInterface({ input: child.stdout! })) {
    for (const metric of metricsIn(line)) found.set(JSON.stringify(metric), metric);
    if (wanted.every(isThere)) {
      clearTimeout(deadline);
      return [...found.values()];
    }
  }
  clearTimeout(deadline);
  throw new Error(`never written: ${wanted.filter((name) => !isThere(name)).join(', ')}\n${said}`);
}

const WAIT_MS = 20_000;

interface S3 {
  readonly url: string;
  readonly close: () => void;
}

/** Keeps what is put, in memory; of the first PUT it says that it is too busy. */
async function startS3(): Promise<S3> {
  const objects = new Map<string, Buffer>();
  let isBusy = true;
  const server: Server = createServer((request, response) => {
    const refuses = isBusy && request.method === 'PUT';
    if (refuses) isBusy = false;
    void answer(request, response, objects, refuses);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: Map<string, Buffer>,
  refuses: boolean,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, 'http://s3');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const end = (status: number, body: string | Buffer = ''): void => {
    response.writeHead(status, { etag: '"1"' });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const error = (status: number, code: string): void => end(status, `<Error><Code>${code}</Code></Error>`);
  const held = objects.get(pathname);
  if (refuses) return error(503, 'SlowDown');
  if (request.method === 'PUT') {
    if (held && request.headers['if-none-match'] === '*') return error(412, 'PreconditionFailed');
    objects.set(pathname, Buffer.concat(chunks));
    return end(200);
  }
  if (request.method === 'DELETE') return end(204);
  if (searchParams.has('list-type'))
    return end(200, '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
  return held ? end(200, held) : error(404, 'NoSuchKey');
}
