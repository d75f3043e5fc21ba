import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Counter, Gauge, Registry } from 'prom-client';
import { ORIGIN_TIMES } from '../../../components/origin';
import {
  FIRST_PART_SECONDS,
  FRAME_RATES,
  ORIGIN_EMF,
  ORIGIN_ENVIRONMENT,
  PROFILES,
  longestHoldSeconds,
  targetDuration,
  tickGrid,
} from '../../../encoder/contract';
import { parseEnvironment } from '../../../encoder/environment';
import { HEALTH_PATH } from '../../../encoder/image/health';
import { emfLines } from '../../../encoder/telemetry/emf';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import { closeRigs, held, startRig } from '../../encoder/origin/rig';
import { emfFaults } from '../../encoder/telemetry/emf-rules';
import { recordProgramOf, type Recorded } from '../recorded';
import { container, makeFull, recordOrigin, variables } from './origin-recording';

/** Of the compiled tests, four folders below the project. */
const ROOT = path.resolve(__dirname, '../../../..');
const DOCKERFILE = readFileSync(path.join(ROOT, 'encoder/Dockerfile'), 'utf8');
/** Of its last stage but one. */
const STAGE = DOCKERFILE.slice(
  DOCKERFILE.indexOf('FROM runtime AS origin'),
  DOCKERFILE.indexOf('FROM runtime AS encoder'),
);

describe('the contract of LlHlsOrigin with the runtime', () => {
  let minimal: Recorded;
  let full: Recorded;
  before(async () => {
    minimal = await recordOrigin();
    full = await recordProgramOf(() => void makeFull());
  });

  it('gives tasks an environment that the runtime takes', () => {
    const env = parseEnvironment(ORIGIN_ENVIRONMENT, variables(full, 'use1-az6'));
    expect(env).to.deep.include({
      ...{ HOST: '0.0.0.0', HTTP_PORT: 8080, METRICS_PORT: 9465, TLS_CERT: '', S3_ENDPOINT: '' },
      ...{ WINDOW_SECONDS: 120, LOG_LEVEL: 'debug', METRICS_EMF: 'true', METRICS_INTERVAL_SECONDS: 15 },
      ...{ ORIGIN_NAME: full.text('origin-zone-use1-az6-service', 'name'), PLAYER: 'false' },
    });
    expect(env.STORE).to.match(/^s3:[a-z0-9-]+,[a-z0-9-]+--use1-az6--x-s3$/);
    expect(parseEnvironment(ORIGIN_ENVIRONMENT, variables(minimal))).to.include({
      ...{ WINDOW_SECONDS: 60, LOG_LEVEL: 'info' },
    });
  });

  it('gives no variable that the runtime does not know, but the region', () => {
    const others = Object.keys(variables(full)).filter((name) => !(name in ORIGIN_ENVIRONMENT));
    expect(others).to.deep.equal(['AWS_REGION']);
  });

  it('has the container of the image: its health check, its ports, and its own program', () => {
    const definition = container(minimal);
    const { command } = definition['healthCheck'] as { command: string[] };
    expect(STAGE).to.include(`CMD ${JSON.stringify(command.slice(1)).replaceAll(',', ', ')}`);
    const exposed = /^EXPOSE (.*)$/m.exec(STAGE)![1]!.split(' ').map(Number);
    const ports = (definition['portMappings'] as { containerPort: number }[]).map(
      (each) => each.containerPort,
    );
    expect(exposed).to.include.members(ports);
    expect(STAGE).to.include('CMD ["node", "/app/dist/encoder/origin/main.js"]');
    expect(definition).to.not.have.any.keys('command', 'entryPoint', 'user');
  });

  it('sends requests and asks for health where the runtime listens', () => {
    const env = parseEnvironment(ORIGIN_ENVIRONMENT, variables(minimal));
    const { port, healthCheck } = minimal.inputs('origin-zone-use1-az4');
    expect(port).to.equal(env.HTTP_PORT);
    expect(healthCheck).to.include({ port: String(env.METRICS_PORT), path: HEALTH_PATH });
  });

  describe('of time', () => {
    it('holds no request of any grid for longer than the figure that limits are made of', () => {
      const holds = FRAME_RATES.flatMap((rate) =>
        PROFILES.map((profile) => FIRST_PART_SECONDS + 3 * targetDuration(tickGrid(rate, profile))),
      );
      expect(Math.max(...holds)).to.equal(longestHoldSeconds());
      expect(longestHoldSeconds()).to.equal(16);
    });

    it('is ordered: who waits for an answer waits longer than the one that answers takes', () => {
      const [balancer] = minimal.query.byType('aws:lb/loadBalancer:LoadBalancer');
      const { longestHold, readTimeout } = ORIGIN_TIMES;
      expect([longestHold, readTimeout, balancer!.inputs['idleTimeout']]).to.deep.equal([16, 30, 60]);
      for (const origin of [minimal, full]) {
        const delay = origin.inputs('origin-zone-use1-az4')['deregistrationDelay'] as number;
        expect(delay).to.be.greaterThan(longestHold);
      }
    });

    it('is ordered: CloudFront closes idle connections before the load balancer, and that before the runtime', async () => {
      const channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
      const rig = await startRig({ stores: channel.stores });
      try {
        const request = get(`http://127.0.0.1:${rig.server.httpPort}/nothing`);
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        response.resume();
        const kept = Number(/timeout=(\d+)/.exec(String(response.headers['keep-alive']))![1]);
        expect([ORIGIN_TIMES.keepalive, ORIGIN_TIMES.balancerIdle, kept]).to.deep.equal([50, 60, 75]);
        expect(ORIGIN_TIMES.nodeKeepAlive).to.equal(kept);
      } finally {
        await closeRigs();
      }
    });

    it('releases what is held with an answer before it closes connections, well within the time to stop', async () => {
      const channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
      await channel.tick(6);
      const rig = await startRig({ stores: channel.stores });
      try {
        await rig.ask('/live/news/index.m3u8');
        const wanted = await held(rig, '/live/news/720p.m3u8?_HLS_msn=850000001&_HLS_part=2');
        const began = performance.now();
        await rig.server.close();
        const { status, headers } = await wanted.answer;
        expect([status, headers['cache-control']]).to.deep.equal([200, 'no-store']);
        expect(performance.now() - began).to.be.lessThan((container(full)['stopTimeout'] as number) * 1000);
        expect(rig.origin.waiting).to.equal(0);
      } finally {
        await closeRigs();
      }
    });
  });

  it('scales by and watches metrics that the runtime writes, by the dimension that it gives them', async () => {
    const registry = new Registry();
    for (const { metric } of ORIGIN_EMF) {
      const options = { name: metric, help: metric, registers: [registry] };
      if (metric.endsWith('_total')) new Counter(options).inc(7);
      else new Gauge(options).set(7);
    }
    const name = variables(minimal)['ORIGIN_NAME']!;
    const lines = emfLines(await registry.getMetricsAsJSON(), ORIGIN_EMF, {
      ...{ channel: name, subject: 'Origin' as const, timestamp: 0 },
    });
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    const written = namesIn(lines);
    const alarms = minimal.query
      .byType('aws:cloudwatch/metricAlarm:MetricAlarm')
      .filter(({ inputs }) => inputs['namespace'] === 'AwsMedia');
    expect(alarms).to.have.length(2);
    for (const { inputs } of alarms) {
      expect(written).to.include(`${inputs['metricName'] as string} ${JSON.stringify(inputs['dimensions'])}`);
    }
    const { targetTrackingScalingPolicyConfiguration: tracking } = minimal.inputs(
      'origin-zone-use1-az4-scaling-bytes',
    ) as unknown as Record<
      string,
      { customizedMetricSpecification: { metricName: string; dimensions: { name: string; value: string }[] } }
    >;
    const { metricName, dimensions } = tracking!.customizedMetricSpecification;
    const dimension = Object.fromEntries(dimensions.map((each) => [each.name, each.value]));
    expect(written).to.include(`${metricName} ${JSON.stringify(dimension)}`);
  });

  it('runs with the environment of a task, writes no file, logs lines of JSON, and ends by SIGTERM', async function () {
    this.timeout(20_000);
    // An S3 in which there is nothing.
    const s3 = createServer((_, response) => {
      response.writeHead(404, { 'content-type': 'application/xml' });
      response.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
    });
    await once(s3.listen(0, '127.0.0.1'), 'listening');
    const program = path.resolve(__dirname, '../../../encoder/origin/main.js');
    const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...variables(minimal),
        ...{ HOST: '127.0.0.1', HTTP_PORT: '0', METRICS_PORT: '0' },
        S3_ENDPOINT: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
        ...{ AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
      },
    });
    try {
      const [stdout, stderr] = [text(child.stdout!), text(child.stderr!)];
      const [{ ports }] = (await once(child, 'message')) as [{ ports: { http: number; metrics: number } }];
      const ask = async (port: number, of: string) => {
        const response = await fetch(`http://127.0.0.1:${port}${of}`, { headers: { connection: 'close' } });
        return `${response.status} ${await response.text()}`;
      };
      expect(await ask(ports.http, '/live/news/index.m3u8')).to.equal('404 channel news is not on air\n');
      expect(await ask(ports.metrics, HEALTH_PATH)).to.match(/^200 \{"ok":true,/);
      expect(await ask(ports.metrics, '/metrics')).to.match(/^media_origin_sent_bytes_total [1-9]\d\d$/m);
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number];
      expect(code, await stderr).to.equal(0);
      const logged = (await stderr).trim().split('\n');
      const events = logged
        .filter((line) => line.startsWith('{'))
        .map((line) => (JSON.parse(line) as { msg: string }).msg);
      expect(events).to.include('listening');
      const lines = (await stdout).trim().split('\n');
      expect(lines.flatMap(emfFaults)).to.deep.equal([]);
      const [last] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(last).to.include({ Origin: variables(minimal)['ORIGIN_NAME'], HeldRequests: 0 });
      expect(last!['SentBytes']).to.be.greaterThan(100);
    } finally {
      child.kill('SIGKILL');
      s3.closeAllConnections();
      s3.close();
    }
  });
});

/** Names and dimensions of metrics in lines. */
const namesIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const root = JSON.parse(line) as Record<string, unknown> & {
      _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
    };
    return root._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) => {
      const dimensions = Object.fromEntries(Dimensions[0]!.map((name) => [name, root[name]]));
      return Metrics.map(({ Name }) => `${Name} ${JSON.stringify(dimensions)}`);
    });
  });
