import { expect } from 'chai';
import fc from 'fast-check';
import {
  encodeRate,
  decodeRate,
  engineShare,
  NVENC_PRESETS,
  NVENC_TUNINGS,
  placement,
  rankCapacity,
  shareOut,
  type ChannelLoad,
} from '../../../components/encode/capacity';
import { FRAME_RATES, LADDERS, type VideoRung } from '../../../encoder/contract';
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS } from '../../../encoder/contract/gpu-models';
import { busiest, expectWithin, gpuOf, sum } from './gpu-use';

const SIZES = [
  ...[
    [416, 234],
    [640, 360],
    [960, 540],
    [1280, 720],
    [1920, 1080],
    [2560, 1440],
    [3840, 2160],
  ],
] as const;

const rung: fc.Arbitrary<VideoRung> = fc
  .record({
    codec: fc.constantFrom('h264', 'hevc', 'av1'),
    size: fc.constantFrom(...SIZES),
    bitDepth: fc.constantFrom(8, 10),
    bitrateKbps: fc.integer({ min: 100, max: 60_000 }),
  })
  .map(({ codec, size: [width = 0, height = 0], bitDepth, bitrateKbps }) => ({
    ...{ id: 'a', codec, width, height, bitrateKbps, maxrateKbps: bitrateKbps * 1.1 },
    ...{ bitDepth: codec === 'h264' ? 8 : bitDepth, bufferSeconds: 1, priority: 1 },
  }));

const load: fc.Arbitrary<ChannelLoad> = fc.record({
  ladder: fc
    .array(rung, { minLength: 1, maxLength: 8 })
    .map((video) => ({ description: '', video, audio: LADDERS.economy.audio })),
  frameRate: fc.constantFrom(...FRAME_RATES),
  preset: fc.constantFrom(...NVENC_PRESETS),
  tuning: fc.constantFrom(...NVENC_TUNINGS),
});

/** Types of one GPU whose rates are known. */
const TYPES = [...GPU_INSTANCES.values()].filter(
  ({ gpu, gpus }) => gpus === 1 && GPU_MODELS[gpu]?.videoClockMHz !== undefined,
);
const type = fc.constantFrom(...TYPES.map((instance) => instance.type));

describe('NVENC capacity model, for any ladder', () => {
  it('packs random ladders on random fleets: no GPU and no machine is asked for more than it has', () => {
    let packed = 0;
    fc.assert(
      fc.property(
        fc.array(load, { minLength: 1, maxLength: 40 }),
        fc.array(type, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 10, max: 70 }),
        (loads, types, percent) => {
          const margin = percent / 100;
          const machines = types.map((name) => ({ name, units: 0, channels: [] as ChannelLoad[] }));
          for (const one of loads) {
            const channel = { ...one, margin };
            // As ECS places: by the units that are left.
            for (const machine of machines) {
              const { cpuUnits, refusals } = placement(channel, machine.name);
              if (refusals.length > 0) continue;
              if (machine.units + cpuUnits > GPU_INSTANCES.get(machine.name)!.vcpus * 1024) continue;
              machine.units += cpuUnits;
              machine.channels.push(channel);
              packed++;
              break;
            }
          }
          for (const { name, channels } of machines) {
            expectWithin(name, channels, margin);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(packed).to.be.above(300);
  });

  it('a bigger GPU or machine never carries fewer channels', () => {
    const codecs = ['h264', 'hevc', 'av1'] as const;
    const rate = (name: string, codec: (typeof codecs)[number], channel: ChannelLoad) =>
      encodeRate(gpuOf(name), codec, channel.preset!, channel.tuning!)?.pixelsPerSecond ?? 0;
    const isBigger = (a: string, b: string, channel: ChannelLoad): boolean => {
      const [one, two] = [GPU_INSTANCES.get(a)!, GPU_INSTANCES.get(b)!];
      const [gpu, other] = [gpuOf(a), gpuOf(b)];
      const decoded = [8, 10].every(
        (bitDepth) =>
          decodeRate(other, { codec: 'hevc', bitDepth: bitDepth as 8 | 10 })!.pixelsPerSecond *
            other.nvdecs >=
          decodeRate(gpu, { codec: 'hevc', bitDepth: bitDepth as 8 | 10 })!.pixelsPerSecond * gpu.nvdecs,
      );
      return (
        decoded &&
        codecs.every((codec) => rate(b, codec, channel) >= rate(a, codec, channel)) &&
        other.nvencs >= gpu.nvencs &&
        two.vcpus >= one.vcpus &&
        two.memoryGiB >= one.memoryGiB &&
        two.gpuMemoryMiB >= one.gpuMemoryMiB &&
        two.networkMbps >= one.networkMbps
      );
    };
    let compared = 0;
    fc.assert(
      fc.property(load, fc.integer({ min: 10, max: 100 }), (one, percent) => {
        const channel = { ...one, margin: percent / 100 };
        const carried = new Map(
          TYPES.map(({ type: name }) => [name, placement(channel, name).channelsPerGpu]),
        );
        for (const { type: a } of TYPES) {
          for (const { type: b } of TYPES) {
            if (a === b || !isBigger(a, b, channel)) continue;
            compared++;
            expect(carried.get(b), `${b} after ${a}`).to.be.at.least(carried.get(a)!);
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(compared).to.be.above(1000);
  });

  it('more left free never carries more channels', () => {
    fc.assert(
      fc.property(
        ...[load, type, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })],
        (one: ChannelLoad, name: string, a: number, b: number) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          const carried = (percent: number) =>
            placement({ ...one, margin: percent / 100 }, name).channelsPerGpu;
          expect(carried(low)).to.be.at.most(carried(high));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a channel reserves at least its largest share, and as many fit as the units allow', () => {
    fc.assert(
      fc.property(load, type, (one, name) => {
        const found = placement(one, name);
        expect(found.share).to.equal(Math.max(...Object.values(found.shares)));
        expect(found.shares[found.binding]).to.equal(found.share);
        const registered = GPU_INSTANCES.get(name)!.vcpus * 1024;
        if (found.refusals.length > 0) {
          expect([found.cpuUnits, found.channelsPerGpu]).to.deep.equal([0, 0]);
          return;
        }
        expect(found.cpuUnits).to.be.at.least(found.share * registered - 1e-6);
        expect(found.cpuUnits).to.be.at.most(registered);
        expect(found.channelsPerGpu).to.equal(Math.floor(registered / found.cpuUnits));
      }),
      { numRuns: 500 },
    );
  });

  it('sessions whose shares add up to one can be divided among up to four engines', () => {
    const any = fc.array(fc.double({ min: 0.01, max: 0.7, noNaN: true }), { minLength: 1, maxLength: 40 });
    // Alike and large is what leaves remainders that no engine can take.
    const alike = fc
      .tuple(
        fc.double({ min: 0.25, max: 0.69, noNaN: true }),
        fc.array(fc.nat(10), { minLength: 1, maxLength: 12 }),
      )
      .map(([base, more]) => more.map((thousandths) => base + thousandths / 1000));
    fc.assert(
      fc.property(fc.oneof(any, alike), fc.integer({ min: 2, max: 4 }), (uses, engines) => {
        const taken: number[] = [];
        let share = 0;
        for (const one of uses) {
          const next = share + engineShare([one], engines, 0.7);
          if (next > 1) continue;
          share = next;
          taken.push(one);
        }
        expect(busiest(taken, engines)).to.be.at.most(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('more channels never cost less, and all of them have a place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(...Object.values(LADDERS)),
        (channels, ladder) => {
          const rank = (count: number) =>
            rankCapacity({
              ...{
                channels: count,
                load: { ladder, frameRate: '30' },
                region: 'us-east-1',
                purchase: 'on-demand',
              },
            }).options;
          const [now, then] = [rank(channels), rank(channels + 1)];
          expect(then[0]!.usdPerHour).to.be.at.least(now[0]!.usdPerHour!);
          for (const { instances, channelsPerInstance } of now) {
            expect(instances * channelsPerInstance).to.be.at.least(channels);
            expect((instances - 1) * channelsPerInstance).to.be.below(channels);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a mix takes each channel once', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(100), fc.nat(100), (channels, a, b) => {
        const base = Math.max(a, b) / 100;
        const spot = Math.min(a, b, 100 - Math.max(a, b)) / 100;
        const parts = shareOut(channels, { base, spot, onDemand: 1 - base - spot });
        expect(sum(parts)).to.equal(channels);
        expect(parts.every((part) => part >= 0 && Number.isInteger(part))).to.equal(true);
        expect(Math.abs(parts[0] - base * channels)).to.be.below(1 + 1e-6);
      }),
    );
  });
});
