import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { StreamingCdn, type StreamingCdnArgs, type StreamingCdnOptions } from '../../components/delivery/cdn';
import {
  BUCKET,
  EC_KEY,
  FULL,
  MINIMAL,
  RSA_KEY,
  cdnWithStore,
} from '../components/delivery/cdn/cdn-recording';
import { changed, engineOfSuite, failure } from './suite-engine';

const DEV = { ...MINIMAL, environment: 'dev' } as const;

const cdnOf =
  (args: StreamingCdnArgs, options: StreamingCdnOptions = {}): PulumiFn =>
  async () => {
    const cdn = new StreamingCdn('cdn', args, options);
    return { channels: cdn.channels };
  };

const signed = (keys: Record<string, { publicKey: string }>): PulumiFn =>
  cdnOf({ ...DEV, access: { keys }, cors: { origins: ['https://www.example.com'] } });

describe('StreamingCdn under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to change, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', cdnOf(FULL));
    const previewed = await stack.preview();
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    const channels = up.outputs['channels']?.value as Record<string, { url: string }>;
    expect(channels['sport']!.url).to.equal('https://2.live.example.com/live/sport/index.m3u8');
    const made = engine.aws.done('create');
    expect(made).to.have.length(31);
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 2 });
    await stack.destroy();
    const deleted = engine.aws.done('delete');
    expect([...deleted].sort()).to.deep.equal([...made].sort());
    // A policy or a key that a distribution has cannot be deleted.
    for (const shared of ['cdn-cache-media', 'cdn-keys', 'cdn-oac', 'cdn-headers']) {
      expect(deleted.indexOf('cdn-1'), shared).to.be.below(deleted.indexOf(shared));
    }
    expect(deleted.indexOf('cdn-keys')).to.be.below(deleted.indexOf('cdn-key-2026-10'));
  });

  it('rotates keys without touching a distribution, and takes a key away only when the group has left it', async () => {
    const old = { october: { publicKey: RSA_KEY } };
    const stack = await engine.stackOf('rotated', signed(old));
    await stack.up();
    const both = await stack.up({ program: signed({ ...old, november: { publicKey: EC_KEY } }) });
    expect(changed(both)).to.deep.equal({ create: ['cdn-key-november'], update: ['cdn-keys'] });
    engine.aws.forget();
    const removed = await stack.up({ program: signed({ november: { publicKey: EC_KEY } }) });
    expect(changed(removed)).to.deep.equal({ delete: ['cdn-key-october'], update: ['cdn-keys'] });
    const done = engine.aws.calls
      .filter(({ method, preview }) => !preview && (method === 'update' || method === 'delete'))
      .map(({ method }) => method);
    expect(done).to.deep.equal(['update', 'delete']);
    await stack.destroy();
  });

  it('tells where a channel is, and changes nothing else, when one comes', async () => {
    const stack = await engine.stackOf('channel', cdnOf(DEV));
    await stack.up();
    const more = await stack.up({ program: cdnOf({ ...DEV, channels: { news: {}, sport: {} } }) });
    // What the component keeps of its arguments.
    expect(changed(more)).to.deep.equal({ update: ['cdn'] });
    await stack.destroy();
  });

  it('is made beside a store in one update, and the policies of the bucket come last', async () => {
    const stack = await engine.stackOf('store', async () => {
      cdnWithStore({ environment: 'dev' });
    });
    await stack.up();
    const made = engine.aws.done('create');
    expect(made.indexOf('media-general')).to.be.below(made.indexOf('cdn-1'));
    expect(made.indexOf('cdn-1')).to.be.below(made.indexOf('media-general-policy'));
    expect((await stack.preview()).changes).to.have.all.keys('same');
  });

  it('takes another bucket in place', async () => {
    const stack = await engine.stackOf('bucket', cdnOf(DEV));
    await stack.up();
    const store = { ...BUCKET, bucketRegionalDomainName: 'other.s3.us-east-1.amazonaws.com' };
    expect(changed(await stack.preview({ program: cdnOf({ ...DEV, store }) }))).to.deep.equal({
      update: ['cdn-1'],
    });
    await stack.destroy();
  });

  it('in prod is not destroyed while it is protected', async () => {
    const stack = await engine.stackOf('kept', cdnOf(MINIMAL));
    await stack.up();
    const error = await failure(stack.destroy());
    expect(error.message).to.match(/cannot be deleted.*protect/s);
    expect(engine.aws.done('delete')).to.not.include.members(['cdn-1']);
  });
});
