import { expect } from 'chai';
import { screen } from '../../cli/local-screen';
import type { LocalStatus } from '../../local/launcher';

const STATUS: LocalStatus = {
  ...{ id: 'one', pid: 42, state: 'playing', source: 'test', ladder: 'tiny', profile: 'balanced' },
  urls: {
    ...{ playerUrl: 'http://127.0.0.1:8080/', playlistUrl: 'http://127.0.0.1:8080/live/test/index.m3u8' },
    ...{ httpsUrl: 'https://127.0.0.1:8443/', metricsUrl: 'http://127.0.0.1:8081/metrics' },
  },
  ...{ encoderPid: 43, originPid: 44, fps: 30, speed: 1, publishMs: 100, viewers: 0, restarts: 0 },
};

describe('the screen of local up', () => {
  it('says above the addresses what each part stands for on AWS, within 80 columns', () => {
    const lines = screen(STATUS).split('\n');
    expect(lines.slice(1, 9)).to.deep.equal([
      '  On this machine, in place of the stack local on AWS:',
      '    source test      for SrtIngest',
      '    encoder, tiny    for NvencEncodeFleet',
      '    folder of files  for TieredSegmentStore',
      '    origin           for LlHlsOrigin',
      '    nothing          for StreamingCdn, MediaVpc, EncoderImage',
      '  "aws-media plan local" says what is deployed.',
      '',
    ]);
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    expect(at('  playerUrl')).to.be.greaterThan(at('  "aws-media plan'));
    for (const line of lines.slice(1, 9)) expect(line.length).to.be.at.most(80);
  });
});
