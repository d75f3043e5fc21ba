import { expect } from 'chai';
import {
  blendedSaving,
  decodeRate,
  DESIGN_MIX,
  encodeRate,
  encodesPerGpu,
  hourPrice,
  placement,
  rankCapacity,
  regionOffer,
  shareOut,
  zoneOffer,
  type CapacityRequest,
  type ChannelLoad,
  type NvencPreset,
  type NvencTuning,
  type Purchase,
} from '../../../components/encode/capacity';
import { LADDERS, type Ladder, type VideoRung } from '../../../encoder/contract';
import { GPU_MODELS, type GpuModelName } from '../../../encoder/contract/gpu-models';

const REFERENCE: ChannelLoad = { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' };
const ECONOMY: ChannelLoad = { ladder: LADDERS.economy, frameRate: '30' };
const gpu = (name: GpuModelName) => GPU_MODELS[name]!;

const rung = (
  codec: VideoRung['codec'],
  width: number,
  height: number,
  over?: Partial<VideoRung>,
): VideoRung => ({
  ...{ id: `${codec}-${height}p`, codec, bitDepth: 8, width, height, bitrateKbps: 8000, maxrateKbps: 8800 },
  ...{ bufferSeconds: 1, priority: 1 },
  ...over,
});
const ladderOf = (...video: VideoRung[]): Ladder => ({
  description: 'of a test',
  video,
  audio: LADDERS.economy.audio,
});

describe('NVENC capacity model', () => {
  describe('engines', () => {
    // Whole encodes of HEVC 1080p30 without a margin: T4, A10G, L4, L40S.
    const rows: readonly (readonly [NvencPreset, NvencTuning, readonly number[]])[] = [
      ['p1', 'll', [23, 24, 50, 84]],
      ['p3', 'll', [11, 11, 24, 39]],
      ['p3', 'hq', [13, 14, 34, 57]],
      ['p5', 'hq', [8, 8, 20, 33]],
      ['p7', 'hq', [4, 4, 8, 12]],
    ];
    for (const [preset, tuning, expected] of rows) {
      it(`carry as many HEVC 1080p30 encodes at ${preset} ${tuning} as NVIDIA's rates and clocks say`, () => {
        const encode = {
          codec: 'hevc',
          width: 1920,
          height: 1080,
          framesPerSecond: 30,
          preset,
          tuning,
        } as const;
        const models = ['T4', 'A10G', 'L4', 'L40S'] as const;
        expect(models.map((name) => encodesPerGpu(gpu(name), encode, 1))).to.deep.equal(expected);
      });
    }

    it('encode by the published rate times the ratio of the clocks', () => {
      expect(encodeRate(gpu('A10G'), 'hevc', 'p3', 'll')).to.deep.equal({
        pixelsPerSecond: 467 * (1500 / 1950) * 1920 * 1080,
        confidence: 'derived',
      });
      const decoding = decodeRate(gpu('L4'), { codec: 'hevc', bitDepth: 10 })!;
      expect(decoding.confidence).to.equal('derived');
      expect(decoding.pixelsPerSecond).to.be.closeTo(1520 * (1770 / 2160) * 1920 * 1080, 1e-3);
    });

    it('take at an unpublished preset the mean time of its neighbours, and say that it is assumed', () => {
      const rate = encodeRate(gpu('T4'), 'h264', 'p4', 'll')!;
      expect(rate.confidence).to.equal('assumed');
      expect(rate.pixelsPerSecond).to.be.closeTo(
        ((2 / (1 / 600 + 1 / 271)) * 1470 * 1920 * 1080) / 1950,
        1e-3,
      );
      const { confidence, notes } = placement({ ...REFERENCE, preset: 'p2' }, 'g5.xlarge');
      expect(confidence).to.equal('assumed');
      expect(notes).to.include(
        'NVIDIA publishes no rate of preset p2: it is put half-way between its neighbours',
      );
    });

    it('have no rate where the clock or the codec is not known', () => {
      expect(encodeRate(gpu('RTX PRO 6000 Blackwell Server'), 'hevc', 'p3', 'll')).to.equal(undefined);
      expect(encodeRate(gpu('A10G'), 'av1', 'p3', 'll')).to.equal(undefined);
      expect(decodeRate(gpu('T4'), { codec: 'av1', bitDepth: 8 })).to.equal(undefined);
    });
  });

  describe('placement', () => {
    it('of the reference ladder: one channel on an A10G, whose encoder binds', () => {
      const hevc = (3840 * 2160 + 1920 * 1080 + 1280 * 720 + 960 * 540) / (467 * 1920 * 1080);
      const h264 = (1280 * 720 + 640 * 360) / (613 * 1920 * 1080);
      const share = ((hevc + h264) * 30 * 1950) / 1500 / 0.7;
      const found = placement(REFERENCE, 'g5.xlarge');
      expect(found.shares.nvenc).to.be.closeTo(share, 1e-12);
      expect(found).to.include({ share: found.shares.nvenc, binding: 'nvenc', confidence: 'derived' });
      expect(found).to.include({ channelsPerGpu: 1, cpuUnits: Math.ceil(share * 4096) });
      expect(found.refusals).to.deep.equal([]);
    });

    it('of the reference ladder: two channels on an L4, and what binds depends on the size', () => {
      const small = placement(REFERENCE, 'g6.xlarge');
      expect(small).to.include({ channelsPerGpu: 2, binding: 'vcpu', confidence: 'assumed' });
      expect(placement(REFERENCE, 'g6.2xlarge')).to.include({ channelsPerGpu: 2, binding: 'nvenc' });
      expect(small.cpuUnits * 2).to.be.at.most(4096);
      expect(small.cpuUnits * 3).to.be.above(4096);
    });

    it('reckons decoding by what comes in', () => {
      const load = (codec: 'h264' | 'hevc'): ChannelLoad => ({
        ...REFERENCE,
        contribution: { codec, bitDepth: 8, width: 3840, height: 2160, bitrateKbps: 50_000 },
      });
      const share = (codec: 'h264' | 'hevc') => placement(load(codec), 'g5.xlarge').shares.nvdec;
      expect(share('h264') / share('hevc')).to.be.closeTo(1415 / 748, 1e-12);
    });

    it('says what is assumed and what is not published', () => {
      expect(placement(REFERENCE, 'g6.xlarge').notes).to.deep.equal([
        'what 10 bits cost is not published (hevc-540p, hevc-720p, hevc-1080p, hevc-2160p): the margin (0.7) has to cover it',
        'what high bit rates cost is not published (hevc-2160p): the margin (0.7) has to cover it',
        'the margin of 0.7 is an assumption',
        "numbers of engines: encoders: a public write-up of NVIDIA's documents; decoders: from memory, not verified",
        'vCPUs, memory and network of a channel are estimates (docs/capacity.md)',
      ]);
    });

    it('refuses a session that one encoder cannot carry, and names what would do', () => {
      const found = placement({ ...REFERENCE, frameRate: '60', preset: 'p5' }, 'g6.2xlarge');
      expect(found).to.include({ channelsPerGpu: 0, cpuUnits: 0 });
      expect(found.refusals.map(({ code }) => code)).to.deep.equal(['session-exceeds-engine']);
      expect(found.refusals[0]!.message).to.equal(
        'a session stays on one encoder, and hevc-2160p (3840x2160 at 60, hevc, p5, ll, margin 0.7) needs 136 % of one encoder of L4: take preset p3 or faster, split-frame encoding with preset p4 or faster or a lower frame rate',
      );
    });

    it('divides a picture among the encoders only where it is asked to and the GPU can', () => {
      const load: ChannelLoad = {
        ladder: ladderOf(rung('hevc', 3840, 2160)),
        ...{ frameRate: '60', preset: 'p4' },
      };
      const codes = (over: Partial<ChannelLoad>, type: string) =>
        placement({ ...load, ...over }, type).refusals.map(({ code }) => code);
      expect(codes({}, 'g6.2xlarge')).to.deep.equal(['session-exceeds-engine']);
      expect(codes({ splitFrame: true }, 'g6.2xlarge')).to.deep.equal([]);
      expect(placement({ ...load, splitFrame: true }, 'g6.2xlarge').notes).to.include(
        'hevc-2160p: divided among 2 encoders, at a cost that is not published; the runtime does not ask for it',
      );
      expect(codes({ splitFrame: true }, 'g5.2xlarge')).to.deep.equal(['session-exceeds-engine']);
      expect(codes({ splitFrame: true, preset: 'p5' }, 'g6.2xlarge')).to.deep.equal([
        'session-exceeds-engine',
      ]);
    });

    it('gives large sessions a whole encoder each: three on an L40S, though the work would be less', () => {
      // 0.53 of an encoder: four of them would be 2.12 of 3, and two of them more than one.
      const load: ChannelLoad = { ladder: ladderOf(rung('hevc', 3840, 1880)), frameRate: '60' };
      const found = placement({ ...load, margin: 1 }, 'g6e.16xlarge');
      expect(found.shares.nvenc).to.be.closeTo(1 / 3, 1e-3);
      expect(found.channelsPerGpu).to.equal(3);
    });

    it('refuses codecs that the GPU lacks, on either side', () => {
      const av1 = { ladder: ladderOf(rung('av1', 1920, 1080)), frameRate: '30' } as const;
      expect(placement(av1, 'g5.xlarge').refusals).to.deep.equal([
        {
          code: 'codec',
          message:
            'A10G does not encode av1 of 8 bits (av1-1080p); it encodes h264 of 8 bits, hevc of 8 and 10 bits',
        },
      ]);
      expect(placement(av1, 'g6.xlarge').refusals).to.deep.equal([]);
      const contribution = {
        codec: 'h264',
        bitDepth: 10,
        width: 1920,
        height: 1080,
        bitrateKbps: 20_000,
      } as const;
      expect(placement({ ...ECONOMY, contribution }, 'g6.xlarge').refusals).to.deep.equal([
        {
          code: 'codec',
          message: 'L4 does not decode h264 of 10 bits, and in software it does not keep up: send HEVC',
        },
      ]);
    });

    it('refuses a channel that is more than the machine', () => {
      expect(placement({ ...REFERENCE, frameRate: '60' }, 'g5.xlarge').refusals).to.deep.equal([
        {
          code: 'channel-exceeds-instance',
          message:
            'one channel needs 146 % of the encoders of g5.xlarge: take a larger GPU, or a smaller ladder',
        },
      ]);
    });

    for (const [type, code] of [
      ['g6.12xlarge', 'several-gpus'],
      ['g6f.xlarge', 'fractional-gpu'],
      ['g7e.2xlarge', 'unknown-rate'],
      ['g5g.xlarge', 'unknown-rate'],
      ['vt1.3xlarge', 'no-nvenc'],
    ] as const) {
      it(`refuses ${type}: ${code}`, () => {
        const found = placement(ECONOMY, type);
        expect(found.refusals.map((one) => one.code)).to.deep.equal([code]);
        expect(found.refusals[0]!.message).to.contain(type);
        expect(found).to.include({ channelsPerGpu: 0, cpuUnits: 0 });
      });
    }

    it('counts network interfaces only where tasks have their own', () => {
      expect(placement(ECONOMY, 'g5.2xlarge')).to.include({ channelsPerGpu: 15, binding: 'nvenc' });
      const own = placement({ ...ECONOMY, taskNetwork: 'awsvpc' }, 'g5.2xlarge');
      expect(own).to.include({ channelsPerGpu: 2, binding: 'eni', confidence: 'published' });
      const trunk = placement({ ...ECONOMY, taskNetwork: 'awsvpc-trunking' }, 'g5.2xlarge');
      expect(trunk.shares.eni).to.equal(1 / 17);
    });

    it('names the nearest instance type, and what a margin is', () => {
      expect(() => placement(ECONOMY, 'g6.xlarg')).to.throw(
        RangeError,
        'no GPU instance type g6.xlarg is known. Families: g4dn, g5, g5g, g6, g6e, g6f, g7e, gr6, gr6f, vt1. Did you mean g6.xlarge?',
      );
      for (const margin of [0, -1, 1.01, Number.NaN]) {
        expect(() => placement({ ...ECONOMY, margin }, 'g6.xlarge')).to.throw(
          RangeError,
          `a margin is above 0 and at most 1 (0.7 leaves 30 % free), not ${margin}`,
        );
      }
    });
  });

  describe('prices', () => {
    it('are those of the region, and unknown where no source says', () => {
      expect(hourPrice('g5.2xlarge', 'us-east-1', 'on-demand')).to.deep.equal({
        ...{ usdPerHour: 1.212, confidence: 'published', asOf: '2026-07-20' },
        source: 'aws/karpenter-provider-aws@1d927085: pkg/providers/pricing/zz_generated.pricing_aws.go',
      });
      expect(hourPrice('g6.xlarge', 'eu-central-1', 'on-demand')?.usdPerHour).to.equal(1.0064);
      expect(hourPrice('g6.xlarge', 'us-east-1', 'spot')?.usdPerHour).to.equal(0.4011);
      expect(hourPrice('g5.xlarge', 'eu-west-1', 'on-demand')).to.equal(undefined);
      expect(hourPrice('g5.xlarge', 'us-east-1', 'spot')).to.equal(undefined);
      expect(hourPrice('g6.xlarge', 'us-east-1', 'savings-plan-1y')).to.deep.include({
        confidence: 'assumed',
      });
    });

    it('of the mix of the design are 60.2 to 64.2 % lower at the most that is advertised', () => {
      expect(blendedSaving(DESIGN_MIX, { base: 0.66, spot: 0.7 })).to.be.closeTo(0.602, 1e-12);
      expect(blendedSaving(DESIGN_MIX, { base: 0.66, spot: 0.9 })).to.be.closeTo(0.642, 1e-12);
    });

    it('share channels out whole, the largest remainder first', () => {
      expect(shareOut(25, DESIGN_MIX)).to.deep.equal([18, 5, 2]);
      expect(shareOut(10, DESIGN_MIX)).to.deep.equal([7, 2, 1]);
      expect(shareOut(1, DESIGN_MIX)).to.deep.equal([1, 0, 0]);
    });
  });

  describe('offers', () => {
    it('say what is known of regions and zones, and no more', () => {
      const regions = ['us-east-1', 'ap-southeast-1', 'eu-west-1', 'sa-east-1'];
      expect(regions.map((region) => regionOffer('g6.xlarge', region))).to.deep.equal([
        ...['offered', 'not-offered', 'not-offered', 'unknown'],
      ]);
      expect(regions.map((region) => regionOffer('g5.xlarge', region))).to.deep.equal([
        ...['offered', 'not-offered', 'offered', 'unknown'],
      ]);
      const zones = ['use1-az4', 'use1-az5', 'use1-az6', 'use1-az1'];
      expect(zones.map((zone) => zoneOffer('g6.xlarge', zone))).to.deep.equal([
        ...['offered', 'not-offered', 'offered', 'unknown'],
      ]);
      expect(zones.map((zone) => zoneOffer('g5.xlarge', zone))).to.deep.equal([
        ...['offered', 'offered', 'offered', 'unknown'],
      ]);
    });
  });

  describe('ranking', () => {
    const rank = (over: Partial<CapacityRequest> = {}) =>
      rankCapacity({ channels: 25, load: REFERENCE, region: 'us-east-1', purchase: 'on-demand', ...over });

    it('puts the reference load on 13 g6.xlarge, two channels each for $0.40 an hour; g5.xlarge takes $1.01', () => {
      const { options, traffic } = rank();
      expect(options[0]).to.include({ instanceType: 'g6.xlarge', instances: 13, channelsPerInstance: 2 });
      expect(options[0]!.usdPerHour).to.be.closeTo(13 * 0.8048, 1e-9);
      expect(options[0]!.usdPerChannelHour).to.be.closeTo((13 * 0.8048) / 25, 1e-12);
      expect(rank({ channels: 2 }).options[0]!.usdPerChannelHour).to.be.closeTo(0.4024, 1e-12);
      const g5 = options.find(({ instanceType }) => instanceType === 'g5.xlarge')!;
      expect(g5).to.include({ instances: 25, usdPerHour: 25.15, usdPerChannelHour: 1.006 });
      expect(traffic.inGbps).to.equal(1.25);
      expect(traffic.encodedGbps).to.equal(1.8665);
    });

    it('never asks more of an instance than its network has', () => {
      for (const { network } of rank().options) expect(network.usedMbps).to.be.below(network.baselineMbps);
    });

    it('buys each part of a mix on instances of its own', () => {
      const [option] = rank({ purchase: DESIGN_MIX, instanceTypes: ['g6.xlarge'] }).options;
      // 18, 5 and 2 channels, two an instance.
      expect(option).to.include({ instances: 9 + 3 + 1, priceConfidence: 'assumed' });
      expect(option!.usdPerHour).to.be.closeTo(9 * 0.8048 * 0.46 + 3 * 0.4011 + 0.8048, 1e-9);
    });

    it('leaves a price that is not known unknown, and ranks it last', () => {
      const { options } = rank({ region: 'eu-west-1' });
      const known = options.map(({ usdPerHour }) => usdPerHour !== undefined);
      expect(known.indexOf(false)).to.equal(known.lastIndexOf(true) + 1);
      expect(options.find(({ instanceType }) => instanceType === 'g5.xlarge')).not.to.have.property(
        'usdPerHour',
      );
      const mix = rank({ region: 'eu-west-1', purchase: DESIGN_MIX, instanceTypes: ['g5.16xlarge'] })
        .options[0];
      expect(mix, 'on demand is known, Spot is not').not.to.have.property('usdPerHour');
    });

    it('prefers, when asked to, few channels on one instance', () => {
      const [option] = rank({ objective: 'blast-radius' }).options;
      expect(option).to.include({ instanceType: 'g4dn.xlarge', channelsPerInstance: 1 });
    });

    it('refuses types that the region, or every zone asked for, is known to lack', () => {
      const why = (over: Partial<CapacityRequest>) =>
        rank({ ...over, instanceTypes: ['g6.xlarge'] }).refused.flatMap(({ reasons }) => reasons);
      expect(why({ region: 'ap-southeast-1' })).to.deep.equal([
        {
          code: 'region',
          message: 'g6.xlarge is not offered in ap-southeast-1: take another family or region',
        },
      ]);
      expect(why({ zones: ['use1-az5'] }).map(({ code }) => code)).to.deep.equal(['zone']);
      expect(why({ zones: ['use1-az5', 'use1-az6'] })).to.deep.equal([]);
    });

    it('refuses numbers of channels and mixes that are none', () => {
      for (const channels of [0, 1.5, Number.NaN]) {
        expect(() => rank({ channels })).to.throw(
          RangeError,
          `channels are a whole number from 1, not ${channels}`,
        );
      }
      const purchase: Purchase = { base: 0.7, spot: 0.2, onDemand: 0.2 };
      expect(() => rank({ purchase })).to.throw(RangeError, 'given is 70 % + 20 % + 20 % = 110 %');
    });
  });
});
