import { expect } from 'chai';
import { ENCODER_ENVIRONMENT, ORIGIN_ENVIRONMENT, PORTS } from '../../../encoder/contract';
import { EnvironmentError, parseEnvironment } from '../../../encoder/environment';

const minimal = { CHANNEL: 'news', STORE: 'file:/var/lib/media' };

function refusal(environment: Record<string, string | undefined>): string[] {
  try {
    parseEnvironment(ENCODER_ENVIRONMENT, environment);
  } catch (error) {
    expect(error).to.be.instanceOf(EnvironmentError);
    return (error as Error).message.split('\n');
  }
  throw new Error('it was accepted');
}

describe('environment of the encoder', () => {
  it('needs a channel and a store, and has a default for everything else', () => {
    expect(parseEnvironment(ENCODER_ENVIRONMENT, minimal)).to.deep.equal({
      CHANNEL: 'news',
      STORE: 'file:/var/lib/media',
      S3_ENDPOINT: '',
      SOURCE: 'test',
      SOURCE_LOOP: 'true',
      ON_INPUT_LOSS: 'slate',
      SLATE: '',
      AUDIO_LANGUAGES: '',
      CAPTIONS: '',
      SRT_MODE: 'listener',
      SRT_ADDRESS: '',
      SRT_PORT: PORTS.srt,
      SRT_STREAM_ID: '',
      SRT_LATENCY_MS: 120,
      SRT_KEY_LENGTH: 'any',
      SRT_PASSPHRASES_FILE: '',
      SRT_PASSPHRASE_SECRET: '',
      RTMP_PORT: PORTS.rtmp,
      RTMP_APP: 'live',
      RTMP_KEYS_FILE: '',
      UDP_ADDRESS: '',
      UDP_PORT: PORTS.udp,
      LADDER: 'tiny',
      ENCODER: 'auto',
      PROFILE: 'balanced',
      FRAME_RATE: '30',
      AUDIO_SAMPLE_RATE: '48000',
      METRICS_PORT: PORTS.encoderMetrics,
      METRICS_INTERVAL_SECONDS: 15,
      METRICS_EMF: 'false',
      METRICS_GPU: 'auto',
      SEGMENT_STORAGE_CLASS: 'STANDARD',
      WINDOW_SECONDS: 60,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });

  it('takes every value that is set, and leaves out what is not its own', () => {
    const set = {
      CHANNEL: 'n-1',
      STORE: 's3:my-media,my-edge--use1-az4--x-s3',
      S3_ENDPOINT: 'http://127.0.0.1:7070',
      SOURCE: 'file:a b.mp4',
      SOURCE_LOOP: 'false',
      ON_INPUT_LOSS: 'gap',
      SLATE: '/slate.png',
      AUDIO_LANGUAGES: 'en,pt-BR',
      CAPTIONS: 'CC1=en,SERVICE6',
      SRT_MODE: 'caller',
      SRT_ADDRESS: 'contributor.example',
      SRT_PORT: '0',
      SRT_STREAM_ID: '#!::r=cam',
      SRT_LATENCY_MS: '8000',
      SRT_KEY_LENGTH: '32',
      SRT_PASSPHRASES_FILE: '/run/passphrases',
      SRT_PASSPHRASE_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:srt-Ab1Cd2',
      RTMP_PORT: '0',
      RTMP_APP: 'app',
      RTMP_KEYS_FILE: '/run/keys',
      UDP_ADDRESS: '239.0.0.1',
      UDP_PORT: '65535',
      LADDER: 'file:/ladder.json',
      ENCODER: 'nvenc',
      PROFILE: 'lowest',
      FRAME_RATE: '59.94',
      AUDIO_SAMPLE_RATE: '44100',
      METRICS_PORT: '0',
      METRICS_INTERVAL_SECONDS: '300',
      METRICS_EMF: 'true',
      METRICS_GPU: 'false',
      SEGMENT_STORAGE_CLASS: 'INTELLIGENT_TIERING',
      WINDOW_SECONDS: '86400',
      HOST: '::',
      LOG_LEVEL: 'silent',
    };
    expect(parseEnvironment(ENCODER_ENVIRONMENT, { ...set, PATH: '/bin' })).to.deep.equal({
      ...set,
      SRT_PORT: 0,
      SRT_LATENCY_MS: 8000,
      RTMP_PORT: 0,
      UDP_PORT: 65_535,
      METRICS_PORT: 0,
      METRICS_INTERVAL_SECONDS: 300,
      WINDOW_SECONDS: 86_400,
    });
  });

  it('names every bad variable in one error: its value, what is allowed, what it is for', () => {
    const lines = refusal({
      CHANNEL: 'News',
      SOURCE: 'rtmp://x',
      SOURCE_LOOP: 'yes',
      LADDER: 'huge',
      PROFILE: '',
      FRAME_RATE: '31',
      AUDIO_SAMPLE_RATE: '22050',
      METRICS_PORT: '65536',
      WINDOW_SECONDS: '23',
      LOG_LEVEL: 'loud',
    });
    expect(lines[0]).to.equal('11 bad environment variable(s):');
    expect(
      lines
        .slice(1)
        .map((line) => line.trim().split(' ')[0])
        .sort(),
    ).to.deep.equal([
      ...['AUDIO_SAMPLE_RATE', 'CHANNEL', 'FRAME_RATE', 'LADDER', 'LOG_LEVEL', 'METRICS_PORT', 'PROFILE'],
      ...['SOURCE', 'SOURCE_LOOP', 'STORE', 'WINDOW_SECONDS'],
    ]);
    expect(lines).to.include(
      '  CHANNEL is "News"; allowed: 1 to 63 of a-z, 0-9 and inner hyphens. (id of the channel: 1 to 63 of a-z, 0-9 and inner hyphens)',
    );
    expect(lines).to.include(
      '  STORE is not set; it is required. (where claims, bundles, segments and inits live: file:<absolute folder>, s3:<bucket>, or s3:<bucket>,<directory bucket>)',
    );
    expect(lines.find((line) => line.startsWith('  WINDOW_SECONDS'))).to.include(
      'is "23"; allowed is a whole number from 24 to 86400',
    );
  });

  const bad: [name: string, values: string[]][] = [
    [
      'STORE',
      ['', '/var', 'file:', 'file:relative', 's3://bucket', 's3:', 's3:ab', 's3:Media', 's3:me..dia'],
    ],
    ['STORE', ['s3:media,', 's3:media,other', 's3:a--use1-az4--x-s3', 's3:media,a--use1-az4--x-s3,more']],
    [
      'S3_ENDPOINT',
      ['127.0.0.1:7070', 'ftp://host', 'http://', 'http://key:secret@host', 'http://host/path'],
    ],
    ['SOURCE', ['', 'file:', 'Test', 'http://x']],
    ['METRICS_PORT', ['', '-1', '1.5', '0x50', '1e3', ' 80', '80 ', '65536', '99999999999']],
    ['METRICS_INTERVAL_SECONDS', ['', '0', '301', '15s']],
    ['METRICS_EMF', ['', '1', 'yes']],
    ['METRICS_GPU', ['', '1', 'on']],
    ['SEGMENT_STORAGE_CLASS', ['', 'intelligent_tiering', 'GLACIER']],
    ['WINDOW_SECONDS', ['0', '23', '86401', '60s']],
    ['CHANNEL', ['', '-a', 'a-', 'a_b', 'a/b', '../x', 'a'.repeat(64)]],
    ['HOST', ['']],
    ['LADDER', ['', 'file:', 'Tiny']],
    ['ENCODER', ['', 'cuda']],
    ['ON_INPUT_LOSS', ['', 'black']],
    ['AUDIO_LANGUAGES', ['en,', 'en,en', 'e']],
    ['CAPTIONS', ['CC5', 'CC1=', 'cc1', 'CC1;CC2', 'SERVICE7']],
    ['SRT_LATENCY_MS', ['19', '8001', '120ms']],
    ['SRT_KEY_LENGTH', ['128', '0']],
  ];
  for (const [name, values] of bad) {
    for (const value of values) {
      it(`refuses ${name} ${JSON.stringify(value.length > 20 ? `${value.slice(0, 10)}...` : value)}`, () => {
        const lines = refusal({ ...minimal, [name]: value });
        expect(lines).to.have.length(2);
        expect(lines[1]!.startsWith(`  ${name} is ${JSON.stringify(value)}; `)).to.equal(true);
      });
    }
  }
});

describe('environment of the origin', () => {
  it('needs a store alone', () => {
    expect(parseEnvironment(ORIGIN_ENVIRONMENT, { STORE: 'file:/var/lib/media' })).to.deep.equal({
      STORE: 'file:/var/lib/media',
      S3_ENDPOINT: '',
      HTTP_PORT: PORTS.originHttp,
      HTTPS_PORT: PORTS.originHttps,
      TLS_CERT: '',
      TLS_KEY: '',
      METRICS_PORT: PORTS.originMetrics,
      METRICS_EMF: 'false',
      METRICS_INTERVAL_SECONDS: 15,
      ORIGIN_NAME: 'origin',
      PLAYER: 'false',
      WINDOW_SECONDS: 60,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });
});

describe('ports', () => {
  it('are seven different ones above those that only root may bind', () => {
    const ports = Object.values(PORTS);
    expect(new Set(ports).size).to.equal(7);
    expect(Math.min(...ports)).to.be.above(1023);
  });
});
