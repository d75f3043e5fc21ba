/** `aws-media capacity`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  capacityClaims,
  DEFAULT_MARGIN,
  DESIGN_MIX,
  NVENC_PRESETS,
  NVENC_TUNINGS,
  OBJECTIVES,
  rankCapacity,
  SINGLE_PURCHASES,
  TASK_NETWORKS,
  zoneOffer,
  type CapacityReport,
  type CapacityRequest,
  type Contribution,
  type NvencPreset,
  type NvencTuning,
  type Objective,
  type Offer,
  type Purchase,
  type TaskNetwork,
} from '../components/encode/capacity';
import { EXPRESS_REGIONS } from '../components/storage/express-zones';
import { FRAME_RATES, LadderError, type FrameRate } from '../encoder/contract';
import { resolveLadder } from '../encoder/ladder/resolve';
import { capacityScreen, claimScreen } from './capacity-screen';
import { CommandError, EXIT_CODES } from './exit';

interface Flags {
  channels: number;
  ladder: string;
  frameRate: FrameRate;
  preset: NvencPreset;
  tuning: NvencTuning;
  margin: number;
  splitFrame?: boolean;
  taskNetwork: TaskNetwork;
  contribution?: Contribution;
  region: string;
  zones?: string[];
  purchase: { text: string; purchase: Purchase };
  objective: Objective;
  instanceType?: string[];
  claims?: boolean;
  json?: boolean;
}

/** What `--json` prints. */
export interface CapacityOutput extends CapacityReport {
  readonly request: {
    readonly channels: number;
    readonly ladder: string;
    readonly frameRate: FrameRate;
    readonly preset: NvencPreset;
    readonly tuning: NvencTuning;
    readonly margin: number;
    readonly splitFrame: boolean;
    readonly taskNetwork: TaskNetwork;
    /** Absent: the ladder's largest rung, as HEVC. */
    readonly contribution?: Contribution;
    readonly region: string;
    readonly zones: readonly string[];
    readonly purchase: string;
    readonly objective: Objective;
  };
  /** The first option by every way of buying. */
  readonly purchases: readonly {
    readonly purchase: string;
    readonly instances: number;
    readonly usdPerHour?: number;
    readonly usdPerChannelHour?: number;
    readonly priceConfidence?: string;
  }[];
  /** The region's zones with S3 Express One Zone, where the live edge can be, and whether the first option is there. */
  readonly liveEdgeZones: Readonly<Record<string, Offer>>;
}

const DESIGN_MIX_TEXT = 'mix:70/20/10';

export function addCapacityCommand(program: Command): void {
  program
    .command('capacity')
    .description(
      'which GPU instances carry so many channels, how many of them, and what a channel-hour costs',
    )
    .addOption(new Option('--channels <n>', 'channels, all of one kind').argParser(channels).default(25))
    .addOption(
      new Option('--ladder <name>', 'a ladder (aws-media ladder), or file:PATH.json').default(
        'hevc-2160p30-50',
      ),
    )
    .addOption(new Option('--frame-rate <fps>', 'frames a second').choices(FRAME_RATES).default('30'))
    .addOption(new Option('--preset <name>', 'preset of NVENC').choices(NVENC_PRESETS).default('p3'))
    .addOption(
      new Option('--tuning <name>', 'low latency or high quality').choices(NVENC_TUNINGS).default('ll'),
    )
    .addOption(
      new Option('--margin <part>', "part of NVIDIA's rates that is planned with")
        .argParser(margin)
        .default(DEFAULT_MARGIN),
    )
    .option('--split-frame', 'let HEVC and AV1 pictures be divided among the encoders of a GPU')
    .addOption(
      new Option('--task-network <mode>', 'how tasks get an address').choices(TASK_NETWORKS).default('host'),
    )
    .addOption(
      new Option(
        '--contribution <stream>',
        "what comes in, as hevc:3840x2160:50000:10 (codec, size, kbit/s, bits); else the ladder's largest rung",
      ).argParser(contribution),
    )
    .addOption(new Option('--region <name>', 'where').argParser(region).default('us-east-1'))
    .addOption(
      new Option('--zones <ids>', 'ids of zones, as use1-az4,use1-az6; one must do').argParser(zones),
    )
    .addOption(
      new Option(
        '--purchase <way>',
        `${SINGLE_PURCHASES.join(', ')}, or mix:B/S/D in percent (3-year savings plan, Spot, on demand)`,
      )
        .argParser(purchase)
        .default({ text: 'on-demand', purchase: 'on-demand' }, 'on-demand'),
    )
    .addOption(
      new Option('--objective <name>', 'least cost, or fewest channels lost with an instance')
        .choices(OBJECTIVES)
        .default('cost'),
    )
    .option('--instance-type <types...>', 'only these')
    .option('--claims', 'what the original documents say, beside what this model reckons')
    .option('--json', 'one line of JSON')
    .action(run);
}

function run(flags: Flags): void {
  if (flags.claims) {
    const rows = capacityClaims();
    write(flags.json ? JSON.stringify({ claims: rows }) : claimScreen(rows));
    return;
  }
  let output;
  try {
    output = capacityOutput(flags);
  } catch (error) {
    if (error instanceof LadderError || error instanceof RangeError) {
      throw new CommandError(error.message, EXIT_CODES.usage);
    }
    throw error;
  }
  write(flags.json ? JSON.stringify(output) : capacityScreen(output));
  // Nothing carries the channels: a finding, as of lint.
  if (output.options.length === 0) process.exitCode = EXIT_CODES.failure;
}

function capacityOutput(flags: Flags): CapacityOutput {
  const { channels, frameRate, preset, tuning, margin, splitFrame = false, taskNetwork, region } = flags;
  const { zones = [], objective } = flags;
  const incoming = flags.contribution && { contribution: flags.contribution };
  const ladder = resolveLadder(flags.ladder, frameRate);
  const request: CapacityRequest = {
    ...{ channels, region, zones, objective, purchase: flags.purchase.purchase },
    load: { ladder, frameRate, preset, tuning, margin, splitFrame, taskNetwork, ...incoming },
    ...(flags.instanceType && { instanceTypes: flags.instanceType }),
  };
  const report = rankCapacity(request);
  const first = report.options[0]?.instanceType;
  return {
    request: {
      ...{ channels, ladder: flags.ladder, frameRate, preset, tuning, margin, splitFrame, taskNetwork },
      ...{ region, zones, purchase: flags.purchase.text, objective, ...incoming },
    },
    ...report,
    purchases: first === undefined ? [] : everyPurchase(request, first),
    liveEdgeZones: Object.fromEntries(
      (first === undefined ? [] : (EXPRESS_REGIONS[region]?.zones ?? [])).map((zone) => [
        zone,
        zoneOffer(first!, zone),
      ]),
    ),
  };
}

function everyPurchase(request: CapacityRequest, instanceType: string): CapacityOutput['purchases'] {
  const ways: (readonly [string, Purchase])[] = [
    ...SINGLE_PURCHASES.map((way) => [way, way] as const),
    [DESIGN_MIX_TEXT, DESIGN_MIX],
  ];
  return ways.flatMap(([text, way]) => {
    const [option] = rankCapacity({ ...request, purchase: way, instanceTypes: [instanceType] }).options;
    if (!option) return [];
    const { instances, usdPerHour, usdPerChannelHour, priceConfidence } = option;
    if (usdPerHour === undefined) return [{ purchase: text, instances }];
    return [{ purchase: text, instances, usdPerHour, usdPerChannelHour, priceConfidence } as const];
  });
}

const write = (text: string): boolean => process.stdout.write(`${text}\n`);

function channels(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('Allowed: a whole number from 1 to 999999.');
  return Number(text);
}

function margin(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('Allowed: above 0 and at most 1; 0.7 leaves 30 % free.');
}

function contribution(text: string): Contribution {
  const form = /^(h264|hevc|av1):([1-9]\d{1,4})x([1-9]\d{1,4}):([1-9]\d{1,6})(?::(8|10))?$/;
  const [, codec, width, height, bitrateKbps, bits = '8'] = form.exec(text) ?? [];
  if (codec === undefined) {
    throw new InvalidArgumentError(
      'Allowed: CODEC:WIDTHxHEIGHT:KBPS, and :10 for 10 bits; the codec is h264, hevc or av1.',
    );
  }
  return {
    ...{ codec: codec as Contribution['codec'], bitDepth: bits === '10' ? 10 : 8 },
    ...{ width: Number(width), height: Number(height), bitrateKbps: Number(bitrateKbps) },
  };
}

function region(text: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) return text;
  throw new InvalidArgumentError('Allowed: the name of a region, as us-east-1.');
}

function zones(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => /^[a-z]+\d-az\d+$/.test(id))) return ids;
  throw new InvalidArgumentError(
    'Allowed: ids of zones with commas between, as use1-az4,use1-az6; not names as us-east-1a, which differ between accounts.',
  );
}

function purchase(text: string): Flags['purchase'] {
  const single = SINGLE_PURCHASES.find((way) => way === text);
  if (single) return { text, purchase: single };
  const [, base, spot, onDemand] =
    /^mix:(\d+)\/(\d+)\/(\d+)$/.exec(text === 'mix' ? DESIGN_MIX_TEXT : text) ?? [];
  if (base === undefined || Number(base) + Number(spot) + Number(onDemand) !== 100) {
    const ways = `${SINGLE_PURCHASES.join(', ')}, mix (70/20/10)`;
    throw new InvalidArgumentError(`Allowed: ${ways}, or mix:B/S/D with parts that are 100 in all.`);
  }
  const mix = { base: Number(base) / 100, spot: Number(spot) / 100, onDemand: Number(onDemand) / 100 };
  return { text: text === 'mix' ? DESIGN_MIX_TEXT : text, purchase: mix };
}
