import { expect } from 'chai';
import { PORTS } from '../../encoder/contract';
import { ask, BUDGET, build, type Built } from '../image/built';
import { skip } from '../support/skip';

/**
 * Built by buildah on a base of debootstrap, and proved in its own root file system: tests/image/prove-*.sh encode,
 * take SRT, serve, ask for health and end by SIGTERM there.
 */
describe("the runtime's images, built without a registry", function () {
  this.timeout(400_000);
  let built: ReadonlyMap<string, Built>;
  let said: string;

  before(async function () {
    const { code, said: lack } = ask('--ready');
    if (code !== 0) skip(this, lack);
    ({ built, said } = await build([], 390_000));
  });

  it('encode a test source and an SRT contribution, and serve what was encoded', () => {
    expect([...built.keys()]).to.deep.equal(['encoder', 'origin']);
    for (const { target, proved } of built.values()) expect(proved, target).to.equal(true);
    expect(said).to.match(/encodes the test source into [3-9]\d* segments; health: \{"ok":true/);
    expect(said).to.match(/SRT in, segments out/);
    expect(said).to.match(/serves \w+\.m3u8 and of it s\/\w+\/\d+\.m4s, \d{5,} bytes/);
    expect(said.match(/SIGTERM ends it, exit code 0/g)).to.have.length(2);
  });

  for (const target of ['encoder', 'origin'] as const) {
    it(`${target}: stays within its size`, () => {
      const { bytes, layers } = built.get(target)!;
      expect(bytes).to.be.within(100e6, BUDGET[target]);
      expect(layers.reduce((sum, layer) => sum + layer.bytes, 0)).to.equal(bytes);
    });

    it(`${target}: is configured as the Dockerfile says`, () => {
      const { config } = built.get(target)!;
      expect(config).to.deep.include({
        User: '10001:10001',
        Entrypoint: ['/usr/bin/tini', '--'],
        Cmd: ['node', `/app/dist/encoder/${target === 'encoder' ? '' : 'origin/'}main.js`],
      });
      expect(config.Healthcheck.Test).to.deep.equal([
        'CMD',
        'node',
        '/app/dist/encoder/image/health.js',
        target,
      ]);
      const port = target === 'encoder' ? PORTS.encoderMetrics : PORTS.originMetrics;
      expect(config.ExposedPorts).to.have.property(`${port}/tcp`);
      const nvidia = ['NVIDIA_DRIVER_CAPABILITIES=video,compute,utility', 'NVIDIA_VISIBLE_DEVICES=all'];
      expect(config.Env.filter((variable) => variable.startsWith('NVIDIA'))).to.deep.equal(
        target === 'encoder' ? nvidia : [],
      );
      expect(config.Labels['org.opencontainers.image.title']).to.equal(`aws-media ${target}`);
    });
  }
});
