/** `aws-media ladder [name]`. */
import { Option, type Command } from 'commander';
import {
  FRAME_RATES,
  frameRateFraction,
  LADDER_NAMES,
  LadderError,
  LADDERS,
  validateLadder,
  videoLevel,
  type FrameRate,
  type Ladder,
} from '../encoder/contract';
import { resolveLadder } from '../encoder/ladder/resolve';
import { trackSpecs } from '../encoder/ladder/track-specs';
import { CommandError, EXIT_CODES } from './exit';

interface Flags {
  frameRate: FrameRate;
  json?: boolean;
}

/** Of a rung alone; a variant of a playlist is a video rung and the sound. */
export interface RungReport {
  readonly id: string;
  readonly kind: 'video' | 'audio';
  readonly codec: string;
  readonly codecs: string;
  readonly size?: string;
  readonly bitDepth?: number;
  readonly profile?: string;
  readonly level?: string;
  readonly tier?: string;
  readonly averageKbps: number;
  readonly capKbps: number;
  readonly bufferSeconds?: number;
  /** Of the variant, in bit/s, as EXT-X-STREAM-INF declares them. */
  readonly bandwidth?: number;
  readonly averageBandwidth?: number;
  readonly megapixelsPerSecond?: number;
  readonly bitsPerPixel?: number;
  readonly priority?: number;
  readonly language?: string;
}

export interface LadderReport {
  readonly ladder: string;
  readonly description: string;
  readonly frameRate: FrameRate;
  readonly rungs: readonly RungReport[];
  readonly total: { readonly megapixelsPerSecond: number; readonly averageKbps: number };
  readonly advice: readonly string[];
}

export function addLadderCommand(program: Command): void {
  program
    .command('ladder')
    .description('list the ladders, or show what one of them encodes and what its playlist declares')
    .argument('[name]', 'a ladder, or file:PATH.json')
    .addOption(new Option('--frame-rate <fps>', 'frames a second').choices(FRAME_RATES).default('30'))
    .option('--json', 'one line of JSON')
    .action(run);
}

function run(name: string | undefined, flags: Flags): void {
  if (name === undefined) {
    const ladders = LADDER_NAMES.map((ladder) => ({ ladder, description: LADDERS[ladder].description }));
    write(flags.json ? JSON.stringify({ ladders }) : list(ladders));
    return;
  }
  let report;
  try {
    report = ladderReport(name, flags.frameRate);
  } catch (error) {
    if (error instanceof LadderError) throw new CommandError(error.message, EXIT_CODES.usage);
    throw error;
  }
  write(flags.json ? JSON.stringify(report) : screen(report));
}

/** @throws LadderError where there is no such ladder, or it cannot be encoded at this frame rate */
export function ladderReport(name: string, frameRate: FrameRate): LadderReport {
  const ladder = resolveLadder(name, frameRate);
  const advice = validateLadder(ladder, frameRate);
  const rungs = rungReports(ladder, frameRate);
  const sum = (of: (rung: RungReport) => number) => rungs.reduce((total, rung) => total + of(rung), 0);
  return {
    ...{ ladder: name, description: ladder.description, frameRate, rungs, advice },
    total: {
      megapixelsPerSecond: round(
        sum(({ megapixelsPerSecond = 0 }) => megapixelsPerSecond),
        1,
      ),
      averageKbps: sum(({ averageKbps }) => averageKbps),
    },
  };
}

function rungReports(ladder: Ladder, frameRate: FrameRate): RungReport[] {
  const { numerator, denominator } = frameRateFraction(frameRate);
  const specs = new Map(trackSpecs(ladder).map((spec) => [spec.id, spec]));
  const sound = ladder.audio.map(({ id }) => specs.get(id)!);
  // As the multivariant playlist: a variant's figures hold for the sound that takes most.
  const peak = Math.max(0, ...sound.map(({ peakBitrate }) => peakBitrate));
  const average = Math.max(0, ...sound.map(({ averageBitrate }) => averageBitrate));
  return [
    ...ladder.video.map((rung): RungReport => {
      const { codecs, ...level } = videoLevel(rung, frameRate)!;
      const pixels = (rung.width * rung.height * numerator) / denominator;
      const spec = specs.get(rung.id)!;
      return {
        ...{ id: rung.id, kind: 'video', codec: rung.codec, codecs, size: `${rung.width}x${rung.height}` },
        ...{ bitDepth: rung.bitDepth, ...level },
        ...{ averageKbps: rung.bitrateKbps, capKbps: rung.maxrateKbps, bufferSeconds: rung.bufferSeconds },
        bandwidth: spec.peakBitrate + peak,
        averageBandwidth: spec.averageBitrate + average,
        megapixelsPerSecond: round(pixels / 1e6, 2),
        bitsPerPixel: round((rung.bitrateKbps * 1000) / pixels, 3),
        priority: rung.priority,
      };
    }),
    ...ladder.audio.map(({ id, bitrateKbps, language }): RungReport => ({
      ...{ id, kind: 'audio', codec: 'aac', codecs: 'mp4a.40.2', language },
      ...{ averageKbps: bitrateKbps, capKbps: bitrateKbps },
    })),
  ];
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const write = (text: string): boolean => process.stdout.write(`${text}\n`);

const list = (ladders: readonly { ladder: string; description: string }[]): string =>
  [
    ...columns(
      ladders.map(({ ladder, description }) => [ladder, description]),
      [],
    ),
    '',
    'aws-media ladder NAME shows one; docs/ladders.md says how to write your own.',
  ].join('\n');

/** Two tables, so that each fits 80 columns. */
function screen(report: LadderReport): string {
  const video = report.rungs.filter(({ kind }) => kind === 'video');
  const audio = report.rungs.filter(({ kind }) => kind === 'audio');
  const encoded = [
    ['rung', 'codec', 'size', 'bits', 'profile', 'level', 'kbit/s', 'cap', 'priority'],
    ...video.map((rung) => [
      ...[rung.id, rung.codec, rung.size!, `${rung.bitDepth}`, rung.profile!],
      ...[`${rung.level}${rung.tier === 'high' ? ' High' : ''}`],
      ...[`${rung.averageKbps}`, `${rung.capKbps}`, `${rung.priority}`],
    ]),
    ...audio.map((rung) => [rung.id, rung.codec, rung.language!, '', '', '', `${rung.averageKbps}`, '', '']),
  ];
  const declared = [
    ['rung', 'Mpixel/s', 'bit/pixel', 'BANDWIDTH', 'AVERAGE-BW', 'CODECS'],
    ...video.map((rung) => [
      ...[rung.id, rung.megapixelsPerSecond!.toFixed(2), rung.bitsPerPixel!.toFixed(3)],
      ...[`${rung.bandwidth}`, `${rung.averageBandwidth}`, rung.codecs],
    ]),
    ['total', report.total.megapixelsPerSecond.toFixed(1), '', '', `${report.total.averageKbps} kbit/s`, ''],
  ];
  return [
    `${report.ladder} at ${report.frameRate} fps: ${report.description}`,
    '',
    ...columns(encoded, [6, 7, 8]),
    '',
    ...columns(declared, [1, 2, 3, 4]),
    ...(report.advice.length > 0 ? ['', ...report.advice] : []),
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}
