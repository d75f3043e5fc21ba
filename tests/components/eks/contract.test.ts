import { readFileSync } from 'node:fs';
import path from 'node:path';
import { get } from 'node:http';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ChannelSource, type FleetChannelArgs } from '../../../components/encode/fleet';
import { ENCODER_ENVIRONMENT } from '../../../encoder/contract';
import { parseEnvironment } from '../../../encoder/environment';
import { startTelemetry } from '../../../encoder/telemetry/server';
import type { Recorded } from '../recorded';
import { deployment, pod, recordFleet, variables, type Fields } from './eks-recording';

/** Of the compiled tests, four folders below the project. */
const DOCKERFILE = path.resolve(__dirname, '../../../..', 'encoder/Dockerfile');
const SOURCES = Object.values(ChannelSource);

/** A channel of each source. */
const CHANNELS = Object.fromEntries(
  SOURCES.map((source, n): [string, FleetChannelArgs] => [
    source,
    {
      ...{ zone: 'use1-az4', ladder: 'h264-1080p', source, frameRate: '25', profile: 'lowest' },
      ...(source !== 'test' && { port: 9001 + n }),
      metricsPort: 9464 + n,
      environment: { SRT_LATENCY_MS: '200', AUDIO_LANGUAGES: 'en,de' },
    },
  ]),
);

const statusOf = (port: number, at: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: at }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });

describe('the contract of the fleet on EKS with the runtime', () => {
  let fleet: Recorded;
  before(async () => {
    fleet = await recordFleet({ channels: CHANNELS });
  });

  for (const [n, source] of SOURCES.entries()) {
    it(`gives a pod of ${source} an environment that the runtime takes`, () => {
      const env = parseEnvironment(ENCODER_ENVIRONMENT, variables(fleet, source));
      expect(env).to.deep.include({
        ...{ CHANNEL: source, SOURCE: source, LADDER: 'h264-1080p', ENCODER: 'nvenc', PROFILE: 'lowest' },
        ...{ FRAME_RATE: '25', HOST: '0.0.0.0', METRICS_PORT: 9464 + n, METRICS_EMF: 'false' },
        ...{ SRT_LATENCY_MS: 200, AUDIO_LANGUAGES: 'en,de' },
      });
      const ports = { srt: env.SRT_PORT, rtmp: env.RTMP_PORT, udp: env.UDP_PORT, test: undefined };
      expect(ports[source]).to.equal(source === 'test' ? undefined : 9001 + n);
      expect(env.STORE).to.match(/^s3:video-test-media-general-[0-9a-f]{8},.*--use1-az4--x-s3$/);
    });
  }

  it('gives no variable that the runtime does not know, but those of the container and of Pod Identity', () => {
    const others = Object.keys(variables(fleet, 'srt')).filter((name) => !(name in ENCODER_ENVIRONMENT));
    expect(others).to.deep.equal([
      'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_REGION',
      // Without NVIDIA_VISIBLE_DEVICES: the device plugin says which.
      'NVIDIA_DRIVER_CAPABILITIES',
    ]);
  });

  it('runs the image as the image’s own user', () => {
    const [, uid] = /useradd --system --uid (\d+) --user-group/.exec(readFileSync(DOCKERFILE, 'utf8'))!;
    expect(pod(fleet, 'srt')['securityContext']).to.deep.include({
      ...{ runAsUser: Number(uid), runAsGroup: Number(uid), runAsNonRoot: true },
    });
  });

  it('asks for health and metrics where the runtime answers', async () => {
    let ok = true;
    const options = { host: '127.0.0.1', port: 0, health: () => ({ ok }) };
    const server = await startTelemetry(new Registry(), options);
    try {
      const container = pod(fleet, 'srt').containers[0] as unknown as Record<string, { httpGet: Fields }>;
      const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => {
        const { httpGet } = container[probe]!;
        expect(httpGet['port'], probe).to.equal(9464 + SOURCES.indexOf('srt'));
        return httpGet['path'] as string;
      });
      for (const each of paths) expect(await statusOf(server.port, each), each).to.equal(200);
      ok = false;
      for (const each of paths) expect(await statusOf(server.port, each), each).to.be.at.least(400);
      const { metadata } = deployment(fleet, 'srt')['template'] as {
        metadata: { annotations: Record<string, string> };
      };
      expect(metadata.annotations['prometheus.io/port']).to.equal(variables(fleet, 'srt')['METRICS_PORT']);
      expect(await statusOf(server.port, metadata.annotations['prometheus.io/path']!)).to.equal(200);
    } finally {
      await server.close();
    }
  });
});
