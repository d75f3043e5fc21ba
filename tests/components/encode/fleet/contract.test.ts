import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Registry } from 'prom-client';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ChannelSource } from '../../../../components/encode/fleet';
import { ENCODER_ENVIRONMENT, LADDER_NAMES } from '../../../../encoder/contract';
import { parseEnvironment } from '../../../../encoder/environment';
import { startTelemetry } from '../../../../encoder/telemetry/server';
import { container, recordFleet, variables } from './fleet-recording';

const run = promisify(execFile);
/** Of the compiled tests, five folders below the project. */
const ROOT = path.resolve(__dirname, '../../../../..');

describe('the contract of the fleet with the runtime', () => {
  for (const source of Object.values(ChannelSource)) {
    it(`gives a task of ${source} an environment that the runtime takes`, async () => {
      const port = source === 'test' ? {} : { port: 9001 };
      const fleet = await recordFleet({
        channels: {
          news: {
            ladder: 'h264-1080p',
            source,
            ...port,
            metricsPort: 9464,
            frameRate: '25',
            profile: 'lowest',
            environment: { SRT_LATENCY_MS: '200', AUDIO_LANGUAGES: 'en,de' },
          },
        },
      });
      const env = parseEnvironment(ENCODER_ENVIRONMENT, variables(fleet, 'news'));
      expect(env).to.deep.include({
        ...{ CHANNEL: 'news', SOURCE: source, LADDER: 'h264-1080p', ENCODER: 'nvenc', PROFILE: 'lowest' },
        ...{ FRAME_RATE: '25', HOST: '0.0.0.0', METRICS_PORT: 9464, METRICS_EMF: 'true' },
        ...{ SRT_LATENCY_MS: 200, AUDIO_LANGUAGES: 'en,de' },
      });
      const ports = { srt: env.SRT_PORT, rtmp: env.RTMP_PORT, udp: env.UDP_PORT, test: undefined };
      expect(ports[source]).to.equal(source === 'test' ? undefined : 9001);
      expect(env.STORE).to.match(/^s3:video-test-media-general-[0-9a-f]{8},.*--use1-az4--x-s3$/);
    });
  }

  it('gives no variable that the runtime does not know, but those of the container itself', async () => {
    const names = Object.keys(variables(await recordFleet(), 'news'));
    const others = names.filter((name) => !(name in ENCODER_ENVIRONMENT));
    expect(others).to.deep.equal(['AWS_REGION', 'NVIDIA_DRIVER_CAPABILITIES', 'NVIDIA_VISIBLE_DEVICES']);
  });

  it('has the container of the image: its health check and its NVIDIA variables', async () => {
    const fleet = await recordFleet();
    const dockerfile = readFileSync(path.join(ROOT, 'encoder/Dockerfile'), 'utf8');
    const { command } = container(fleet, 'news')['healthCheck'] as { command: string[] };
    expect(dockerfile).to.include(`CMD ${JSON.stringify(command.slice(1)).replaceAll(',', ', ')}`);
    for (const name of ['NVIDIA_DRIVER_CAPABILITIES', 'NVIDIA_VISIBLE_DEVICES']) {
      expect(dockerfile).to.include(`ENV ${name}=${variables(fleet, 'news')[name]}`);
    }
  });

  it('starts what the image starts, as whom and where the image says', async () => {
    const definition = container(await recordFleet(), 'news');
    expect(definition).not.to.have.any.keys('command', 'entryPoint', 'user', 'workingDirectory');
    const encoder = readFileSync(path.join(ROOT, 'encoder/Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .at(-1)!;
    expect(encoder).to.match(/^runtime AS encoder$/m);
    const [, command] = /^CMD (.+)$/m.exec(encoder)!;
    const [program, file] = JSON.parse(command!) as [string, string];
    expect(program).to.equal('node');
    const main = path.resolve(__dirname, '../../../..', path.relative('/app/dist', file));
    expect(existsSync(main), main).to.equal(true);
  });

  it('opens the ports that the runtime listens on, of their protocols, and no other', async () => {
    for (const source of ['srt', 'rtmp', 'udp'] as const) {
      const fleet = await recordFleet({
        channels: { news: { ladder: 'h264-1080p', source, port: 9001, metricsPort: 9464 } },
      });
      const env = parseEnvironment(ENCODER_ENVIRONMENT, variables(fleet, 'news'));
      const contribution = { srt: env.SRT_PORT, rtmp: env.RTMP_PORT, udp: env.UDP_PORT }[source];
      const protocol = source === 'rtmp' ? 'tcp' : 'udp';
      expect(container(fleet, 'news')['portMappings']).to.deep.equal([
        { containerPort: contribution, hostPort: contribution, protocol },
        { containerPort: env.METRICS_PORT, hostPort: env.METRICS_PORT, protocol: 'tcp' },
      ]);
    }
  });

  it('takes the log a line an event, which is how the runtime writes it', async () => {
    const { logConfiguration } = container(await recordFleet(), 'news') as unknown as {
      logConfiguration: { logDriver: string; options: Record<string, string> };
    };
    expect(logConfiguration.logDriver).to.equal('awslogs');
    // Either would join lines, and one that is joined to another is no JSON.
    expect(logConfiguration.options).not.to.have.any.keys(
      'awslogs-multiline-pattern',
      'awslogs-datetime-format',
    );
    const log = path.resolve(__dirname, '../../../..', 'encoder/telemetry/log.js');
    const program = `require(${JSON.stringify(log)}).createLogger('encoder', 'info')
      .error(new Error('two\\nlines'), 'a message\\nof two lines')`;
    const { stderr } = await run(process.execPath, ['-e', program]);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).to.have.length(1);
    expect(JSON.parse(lines[0]!)).to.deep.include({ name: 'encoder', msg: 'a message\nof two lines' });
  });

  it('asks for health where the runtime answers', async function () {
    this.timeout(20_000);
    let ok = true;
    const server = await startTelemetry(new Registry(), {
      host: '127.0.0.1',
      port: 0,
      health: () => ({ ok }),
    });
    try {
      const fleet = await recordFleet();
      const { command } = container(fleet, 'news')['healthCheck'] as { command: string[] };
      const [, , file, ...rest] = command as [string, string, string, ...string[]];
      const script = path.join(ROOT, 'dist', path.relative('/app/dist', file));
      const here = path.resolve(__dirname, '../../../..', path.relative('/app/dist', file));
      const env = { ...variables(fleet, 'news'), METRICS_PORT: String(server.port) };
      expect(script.endsWith(path.join('encoder', 'image', 'health.js'))).to.equal(true);
      const ask = () => run(process.execPath, [here, ...rest], { env });
      expect((await ask()).stdout).to.include('"ok":true');
      ok = false;
      const failure = await ask().then(
        () => undefined,
        (error: { code?: number }) => error.code,
      );
      expect(failure).to.equal(1);
    } finally {
      await server.close();
    }
  });

  it('offers the ladders of the runtime', () => {
    expect(LADDER_NAMES).to.include('hevc-2160p30-50');
  });
});
