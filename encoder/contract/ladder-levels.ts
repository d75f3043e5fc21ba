/**
 * Profile, level and tier of a video rung, and the CODECS string that follows from them.
 *
 * H.264: ITU-T H.264 table A-1 (High: bit rates times 1.25). HEVC: ITU-T H.265 tables A.8 and A.9. AV1:
 * "AV1 Bitstream & Decoding Process Specification" annex A.3. Limits on the bit rate are compared with the
 * cap; buffers are at most a second of it, which all three tables then allow too.
 */
import { frameRateFraction, type FrameRate } from './grid';
import type { VideoRung } from './ladders';

export interface VideoLevel {
  readonly profile: 'high' | 'main' | 'main10';
  /** As the standard writes it, for example `4.1`. */
  readonly level: string;
  /** HEVC and AV1. */
  readonly tier?: 'main' | 'high';
  /**
   * RFC 6381, as the encoders in software write it. A playlist declares what the bitstream says; another
   * encoder's HEVC may differ in the constraint flags at the end.
   */
  readonly codecs: string;
}

interface Level {
  readonly level: string;
  /** Luma samples (H.264: macroblocks) a picture, and a second. */
  readonly picture: number;
  readonly rate: number;
  /** kbit/s; without `high` the level has no High tier. */
  readonly main: number;
  readonly high?: number;
}

const level = (name: string, picture: number, rate: number, main: number, high?: number): Level => ({
  level: name,
  picture,
  rate,
  main,
  ...(high !== undefined && { high }),
});

const H264: readonly Level[] = [
  level('1.0', 99, 1485, 64),
  level('1.1', 396, 3000, 192),
  level('1.2', 396, 6000, 384),
  level('1.3', 396, 11_880, 768),
  level('2.0', 396, 11_880, 2000),
  level('2.1', 792, 19_800, 4000),
  level('2.2', 1620, 20_250, 4000),
  level('3.0', 1620, 40_500, 10_000),
  level('3.1', 3600, 108_000, 14_000),
  level('3.2', 5120, 216_000, 20_000),
  level('4.0', 8192, 245_760, 20_000),
  level('4.1', 8192, 245_760, 50_000),
  level('4.2', 8704, 522_240, 50_000),
  level('5.0', 22_080, 589_824, 135_000),
  level('5.1', 36_864, 983_040, 240_000),
  level('5.2', 36_864, 2_073_600, 240_000),
  level('6.0', 139_264, 4_177_920, 240_000),
  level('6.1', 139_264, 8_355_840, 480_000),
  level('6.2', 139_264, 16_711_680, 800_000),
];
const H264_HIGH_FACTOR = 1.25;

const HEVC: readonly Level[] = [
  level('1.0', 36_864, 552_960, 128),
  level('2.0', 122_880, 3_686_400, 1500),
  level('2.1', 245_760, 7_372_800, 3000),
  level('3.0', 552_960, 16_588_800, 6000),
  level('3.1', 983_040, 33_177_600, 10_000),
  level('4.0', 2_228_224, 66_846_720, 12_000, 30_000),
  level('4.1', 2_228_224, 133_693_440, 20_000, 50_000),
  level('5.0', 8_912_896, 267_386_880, 25_000, 100_000),
  level('5.1', 8_912_896, 534_773_760, 40_000, 160_000),
  level('5.2', 8_912_896, 1_069_547_520, 60_000, 240_000),
  level('6.0', 35_651_584, 1_069_547_520, 60_000, 240_000),
  level('6.1', 35_651_584, 2_139_095_040, 120_000, 480_000),
  level('6.2', 35_651_584, 4_278_190_080, 240_000, 800_000),
];

/** Rates are the display rates of the table. */
const AV1: readonly Level[] = [
  level('2.0', 147_456, 4_423_680, 1500),
  level('2.1', 278_784, 8_363_520, 3000),
  level('3.0', 665_856, 19_975_680, 6000),
  level('3.1', 1_065_024, 31_950_720, 10_000),
  level('4.0', 2_359_296, 70_778_880, 12_000, 30_000),
  level('4.1', 2_359_296, 141_557_760, 20_000, 50_000),
  level('5.0', 8_912_896, 267_386_880, 30_000, 100_000),
  level('5.1', 8_912_896, 534_773_760, 40_000, 160_000),
  level('5.2', 8_912_896, 1_069_547_520, 60_000, 240_000),
  level('6.0', 35_651_584, 1_069_547_520, 60_000, 240_000),
  level('6.1', 35_651_584, 2_139_095_040, 100_000, 480_000),
  level('6.2', 35_651_584, 4_278_190_080, 160_000, 800_000),
];

/** Up to here the Main tier is preferred to a lower level of the High tier, which fewer decoders have (Apple, rule 1.6). */
const LAST_PREFERRED_MAIN = '5.1';

/** The lowest level that holds the rung. Undefined: no level does. */
export function videoLevel(rung: VideoRung, rate: FrameRate): VideoLevel | undefined {
  const { numerator, denominator } = frameRateFraction(rate);
  const perSecond = numerator / denominator;
  if (rung.codec === 'h264') {
    const size = { width: Math.ceil(rung.width / 16), height: Math.ceil(rung.height / 16) };
    const found = lowest(H264, size, perSecond, ({ main }) => main * H264_HIGH_FACTOR >= rung.maxrateKbps);
    if (!found) return undefined;
    const idc = Math.round(Number(found.level) * 10)
      .toString(16)
      .padStart(2, '0');
    return { profile: 'high', level: found.level, codecs: `avc1.6400${idc}` };
  }
  const table = rung.codec === 'hevc' ? HEVC : AV1;
  const main = lowest(table, rung, perSecond, (one) => one.main >= rung.maxrateKbps);
  const high = lowest(table, rung, perSecond, (one) => (one.high ?? 0) >= rung.maxrateKbps);
  const tier = main && Number(main.level) <= Number(LAST_PREFERRED_MAIN) ? 'main' : high ? 'high' : 'main';
  const found = tier === 'main' ? main : high;
  if (!found) return undefined;
  const profile = rung.codec === 'hevc' && rung.bitDepth === 10 ? 'main10' : 'main';
  return { profile, level: found.level, tier, codecs: codecsOf(rung, found.level, tier) };
}

function codecsOf({ codec, bitDepth }: VideoRung, name: string, tier: 'main' | 'high'): string {
  const [major = 0, minor = 0] = name.split('.').map(Number);
  if (codec === 'hevc') {
    const profile = bitDepth === 10 ? '2.4' : '1.6';
    return `hvc1.${profile}.${tier === 'high' ? 'H' : 'L'}${major * 30 + minor * 3}.90`;
  }
  const index = String((major - 2) * 4 + minor).padStart(2, '0');
  return `av01.0.${index}${tier === 'high' ? 'H' : 'M'}.${String(bitDepth).padStart(2, '0')}`;
}

function lowest(
  table: readonly Level[],
  { width, height }: { readonly width: number; readonly height: number },
  perSecond: number,
  holds: (level: Level) => boolean,
): Level | undefined {
  const picture = width * height;
  return table.find(
    (one) =>
      picture <= one.picture &&
      Math.max(width, height) <= Math.sqrt(8 * one.picture) &&
      picture * perSecond <= one.rate &&
      holds(one),
  );
}
