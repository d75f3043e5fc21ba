/** What `aws-media capacity` shows a person: within 80 columns. */
import type { ClaimRow, FleetOption, Offer, RefusedType, Resource } from '../components/encode/capacity';
import type { CapacityOutput } from './capacity';

const COLUMNS = 80;
/** Rows of the first table; JSON has all. */
const ROWS = 15;

const NAMES: Readonly<Record<Resource, string>> = {
  ...{ nvenc: 'encoders', nvdec: 'decoders', gpuMemory: 'GPU memory', vcpu: 'vCPUs', memory: 'memory' },
  ...{ network: 'network', eni: 'interfaces' },
};

const OFFERS: Readonly<Record<Offer, string>> = {
  offered: 'offered',
  'not-offered': 'not offered',
  unknown: 'unknown',
};

export function capacityScreen(output: CapacityOutput): string {
  const { request, options, traffic } = output;
  const { channels, ladder, frameRate, preset, tuning, margin, region, purchase } = request;
  const network = `In all ${traffic.inGbps.toFixed(2)} Gbit/s of contribution, ${traffic.encodedGbps.toFixed(2)} Gbit/s encoded.`;
  return [
    ...wrap(
      `${plural(channels, 'channel')} of ${ladder} at ${frameRate} fps; NVENC ${preset} ${tuning}, margin ${margin}; ${region}, ${purchase}. ${network}`,
    ),
    '',
    ...(options.length === 0
      ? ['No instance type carries one.', ...refusedLines(output.refused)]
      : [...found(output), '', ...refusedLines(output.refused)]),
  ].join('\n');
}

function found(output: CapacityOutput): string[] {
  const { options, purchases, liveEdgeZones, request } = output;
  const first = options[0]!;
  const left = options.length - ROWS;
  return [
    ...table(
      [
        ['instance', 'each', 'count', 'most used', 'share', '$/hour', '$/channel-h', '$/month'],
        ...options.slice(0, ROWS).map(row),
      ],
      [1, 2, 4, 5, 6, 7],
    ),
    ...(left > 0 ? [`and ${left} more (--json)`] : []),
    ...wrap(
      'each: channels an instance. count: instances. share: of the most used, by one channel. ~: by an assumed saving.',
    ),
    '',
    ...why(options).flatMap((line) => wrap(line)),
    '',
    `${first.instanceType}, by how it is bought:`,
    ...table(
      [
        ['buying', 'instances', '$/hour', '$/channel-h'],
        ...purchases.map(({ purchase, instances, ...cost }) => [
          ...[
            purchase,
            `${instances}`,
            dollars(cost.usdPerHour, 2, cost),
            dollars(cost.usdPerChannelHour, 3, cost),
          ],
        ]),
      ],
      [1, 2, 3],
    ),
    ...wrap(
      "Spot ends at two minutes' notice, and its price is one moment's, of the dearest zone: the fleet takes it for a live channel only where acceptInterruption is set.",
    ),
    '',
    ...wrap(zoneLine(first, request.region, liveEdgeZones)),
    ...Object.entries(first.zoneOffers).map(([zone, offer]) => `${zone}: ${OFFERS[offer]}`),
    '',
    ...first.priceSources.flatMap((source) => wrap(`Price: ${source}.`)),
    ...output.notes.flatMap((note) => wrap(`Note: ${note}.`)),
  ];
}

const row = (option: FleetOption): string[] => [
  ...[option.instanceType, `${option.channelsPerInstance}`, `${option.instances}`, NAMES[option.binding]],
  ...[`${Math.round(option.share * 100)} %`, dollars(option.usdPerHour, 2, option)],
  ...[dollars(option.usdPerChannelHour, 3, option), dollars(option.usdPerMonth, 0, option)],
];

function dollars(
  value: number | undefined,
  digits: number,
  { priceConfidence }: { readonly priceConfidence?: string },
): string {
  if (value === undefined) return 'unknown';
  return `${priceConfidence === 'assumed' ? '~' : ''}${value.toFixed(digits)}`;
}

/** The first, and how the best of each other family compares. */
function why(options: readonly FleetOption[]): string[] {
  const [first] = options;
  if (!first) return [];
  const family = ({ instanceType }: FleetOption) => instanceType.split('.')[0]!;
  const carries = ({ instanceType, channelsPerInstance, binding, share, confidence }: FleetOption) =>
    `${instanceType} carries ${plural(channelsPerInstance, 'channel')}: one takes ${Math.round(share * 100)} % of its ${NAMES[binding]} (${confidence})`;
  const seen = new Set([family(first)]);
  const others = options.filter((option) => !seen.has(family(option)) && seen.add(family(option)));
  return [
    `${carries(first)}.`,
    ...others.map((other) => {
      const price = other.usdPerHour;
      if (price === undefined || first.usdPerHour === undefined) return `${carries(other)}; price unknown.`;
      const more = Math.round((price / first.usdPerHour - 1) * 100);
      return `${carries(other)}; ${more >= 0 ? `${more} % dearer` : `${-more} % cheaper`} a channel.`;
    }),
  ];
}

function zoneLine(first: FleetOption, region: string, zones: CapacityOutput['liveEdgeZones']): string {
  const offered = `${first.instanceType} in ${region}: ${OFFERS[first.regionOffer]}.`;
  const list = Object.entries(zones).map(([zone, offer]) => `${zone} ${OFFERS[offer]}`);
  if (list.length === 0) return `${offered} No zone there is known to have S3 Express One Zone.`;
  return `${offered} In the zones with S3 Express One Zone: ${list.join(', ')}.`;
}

/** Types with the same kind of reason on one line; reasons that differ from type to type in full, once a family. */
const GROUPS: Readonly<Partial<Record<RefusedType['reasons'][number]['code'], string>>> = {
  'several-gpus': 'more than one GPU, of which ECS would not say which one a task gets',
  'fractional-gpu': 'a part of a GPU, and it is not published how much of its encoders',
  'unknown-rate': 'the rate of its encoders is not known',
  'no-nvenc': 'no NVENC',
  region: 'not offered in this region',
  zone: 'not offered in these zones',
};

function refusedLines(refused: readonly RefusedType[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { instanceType, reasons } of refused) {
    const [reason] = reasons;
    if (!reason) continue;
    const text = GROUPS[reason.code] ?? reason.message;
    groups.set(text, [...(groups.get(text) ?? []), instanceType]);
  }
  if (groups.size === 0) return [];
  const lines = [...groups].flatMap(([text, types]) => wrap(`${types.join(', ')}: ${text}.`, '  '));
  return ['Not possible:', ...lines];
}

export const claimScreen = (rows: readonly ClaimRow[]): string =>
  rows
    .flatMap(({ id, claim, verdict, ours, source }) => [
      ...[...wrap(`${id} ${claim}`), ...wrap(`${verdict}. ${ours}.`, '  '), ...wrap(`[${source}]`, '  '), ''],
    ])
    .join('\n')
    .trimEnd();

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Lines of at most 80 characters; all but the first are indented by two more. */
function wrap(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === '';
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
}

function table(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}
