import { Registry } from 'prom-client';
import { expect } from 'chai';
import { ENCODER_ENVIRONMENT } from '../../../encoder/contract';
import { parseEnvironment } from '../../../encoder/environment';
import { startTelemetry } from '../../../encoder/telemetry/server';
import { FULL, recordIngest, told } from './ingest-recording';
import type { Recorded } from '../recorded';

interface HealthCheck {
  readonly protocol: string;
  readonly port: string;
  readonly path?: string;
  readonly matcher?: string;
}

describe('the contract of SrtIngest with the runtime', () => {
  let ingest: Recorded;
  before(async () => {
    ingest = await recordIngest(FULL, {}, told);
  });

  const healthOf = (channel: string) =>
    ingest.inputs(`srt-channel-${channel}`)['healthCheck'] as unknown as HealthCheck;
  const variablesOf = (channel: string) => {
    const { runtimeEnvironment } = ingest.graph.outputs as unknown as {
      runtimeEnvironment: Record<string, Record<string, string>>;
    };
    const rest = { CHANNEL: channel, SOURCE: 'srt', STORE: 's3:media' };
    return parseEnvironment(ENCODER_ENVIRONMENT, { ...rest, ...runtimeEnvironment[channel] });
  };

  for (const channel of Object.keys(FULL.channels)) {
    it(`sends a contribution and the question for health where the encoder of ${channel} listens`, () => {
      const { SRT_PORT, METRICS_PORT } = variablesOf(channel);
      expect(ingest.inputs(`srt-channel-${channel}`)).to.include({ port: SRT_PORT, protocol: 'UDP' });
      expect(ingest.inputs(`srt-channel-${channel}-listener`)).to.include({ port: SRT_PORT });
      expect(healthOf(channel)).to.include({ protocol: 'HTTP', port: String(METRICS_PORT) });
    });
  }

  it('asks at a path that the runtime answers, and takes its answer for what it is', async () => {
    let ok = true;
    const server = await startTelemetry(new Registry(), {
      host: '127.0.0.1',
      port: 0,
      health: () => ({ ok }),
    });
    try {
      const { path, matcher } = healthOf('news');
      const ask = async () => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
      expect(String(await ask())).to.equal(matcher);
      ok = false;
      expect(String(await ask())).not.to.equal(matcher);
    } finally {
      await server.close();
    }
  });
});
