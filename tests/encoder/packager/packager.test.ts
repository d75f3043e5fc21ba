import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { LADDERS } from '../../../encoder/contract';
import { trackSpecs } from '../../../encoder/ladder/track-specs';
import { packageGeneration, type GenerationInput } from '../../../encoder/packager/packager';
import { SegmentWriter } from '../../../encoder/packager/segment-writer';
import { MemoryStore } from '../../../encoder/store/memory-store';
import { record, type Recording } from '../../support/recording';

describe('a generation', function () {
  this.timeout(30_000);
  let recording: Recording;

  before(async () => {
    recording = await record({ ladder: 'tiny', seconds: 10 });
  });
  after(() => recording.remove());

  function generation(store: MemoryStore, changes: Partial<GenerationInput> = {}): GenerationInput {
    const stores = { edge: store, general: store };
    return {
      stores,
      channel: 'news',
      writer: new SegmentWriter(
        { stores, channel: 'news', writer: 'w', now: Date.now },
        { msn: 1, generation: 0, fresh: true, records: [], found: [] },
      ),
      grid: recording.grid,
      tracks: trackSpecs(LADDERS.tiny),
      streams: recording.play(),
      now: Date.now,
      signal: new AbortController().signal,
      ...changes,
    };
  }

  async function failure(input: GenerationInput): Promise<Error> {
    try {
      await packageGeneration(input);
    } catch (error) {
      return error as Error;
    }
    throw new Error('it did not fail');
  }

  it('ends with the streams', async () => {
    expect(await packageGeneration(generation(new MemoryStore()))).to.equal('source-ended');
  });

  it('fails when the store is 24 ticks behind, and does not keep more', async () => {
    class Stuck extends MemoryStore {
      ticks = 0;
      override create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
        if (!key.startsWith('edge/')) return super.create(key, body);
        this.ticks++;
        return new Promise(() => undefined);
      }
    }
    const store = new Stuck();
    const error = await failure(generation(store));
    expect(error.name).to.equal('SlowStoreError');
    expect(error.message).to.equal('the store is 24 ticks behind the encoder');
    expect(store.ticks).to.equal(1);
  });

  it('fails when a frame comes out more than five seconds after its capture', async () => {
    let frames = 0;
    const startedAt = 1_800_000_000_000;
    // Frames of the clock track ask for the time; the hundredth comes far too late.
    const now = () => startedAt + (frames++ < 200 ? 0 : 60_000);
    const error = await failure(generation(new MemoryStore(), { now, firstFrameMs: () => startedAt }));
    expect(error.name).to.equal('SlowEncoderError');
    expect(error.message).to.match(/^the encoder is 5\d\.\d s behind its source/);
  });

  it('fails when the encoder lives and gives no frame', async () => {
    const streams = new Map(['360p', '234p', 'audio'].map((id) => [id, new PassThrough()]));
    const error = await failure(generation(new MemoryStore(), { streams, silentMs: 50 }));
    expect(error.name).to.equal('SilentEncoderError');
    expect(error.message).to.equal('the encoder has given no frame for 0.05 s');
  });

  it('stops after the tick that is being written when it is told to', async () => {
    const stop = new AbortController();
    class Stopping extends MemoryStore {
      ticks = 0;
      override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
        if (key.startsWith('edge/') && ++this.ticks === 5) stop.abort();
        return super.create(key, body);
      }
    }
    const store = new Stopping();
    expect(await packageGeneration(generation(store, { signal: stop.signal }))).to.equal('stopped');
    expect(store.ticks).to.equal(5);
  });

  it('fails when one track is missing, naming it', async () => {
    // The pipe is open, and nothing comes.
    const streams = new Map(recording.play()).set('audio', new PassThrough());
    const error = await failure(generation(new MemoryStore(), { streams }));
    expect(error.message).to.match(/^audio: 12 ticks behind/);
  });
});
