/** How many watch, and where: refused where a distribution's quotas have no room for them. */
import { CHANNEL_PATTERN, type Profile } from '../../../encoder/contract';
import { flag, isObject, isPlain, type InputProblems } from '../../kit';
import type { CdnChannelArgs, StreamingCdnArgs } from './args';
import {
  DEFAULT_QUOTAS,
  MAX_DISTRIBUTIONS,
  assign,
  countThatDoes,
  fits,
  peakOf,
  requestsPerViewer,
  type CdnQuotas,
  type ChannelLoad,
} from './load';
import { positive, wholeNumber } from './rules';

/** Which channel is where. */
export interface NormalLoad {
  /** Number of the distribution, from 1, by channel. */
  readonly assigned: ReadonlyMap<string, number>;
  readonly distributions: number;
}

const VIEWERS = ' of viewers';
const MOST_VIEWERS = 1_000_000_000;

export function normalLoad(problems: InputProblems, args: StreamingCdnArgs, profile: Profile): NormalLoad {
  const { viewers, averageMbps, distributions = 1 } = args;
  problems.judge('viewers', viewers, wholeNumber(1, MOST_VIEWERS, VIEWERS));
  problems.judge('averageMbps', averageMbps, positive('of Mbit/s'));
  problems.judge('distributions', distributions, wholeNumber(1, MAX_DISTRIBUTIONS));
  const count = Number.isInteger(distributions) ? Math.min(Math.max(distributions, 1), MAX_DISTRIBUTIONS) : 1;
  const quotas = normalQuotas(problems, args.quotas);
  const channels = normalChannels(problems, args.channels, count);
  if (!Number.isInteger(viewers) || !(averageMbps > 0)) return { assigned: new Map(), distributions: count };
  const named = [...channels.values()].reduce((sum, { viewers: own = 0 }) => sum + own, 0);
  const others = [...channels.values()].filter(({ viewers: own }) => own === undefined).length;
  if (named > viewers) {
    problems.add('viewers', viewers, {
      because: `those of the channels are ${named}`,
      allowed: 'at least as many as the channels have together',
      fix: `write viewers: ${named}`,
    });
  }
  const share = others > 0 ? Math.max(0, viewers - named) / others : 0;
  const loads = [...channels].map(([id, { viewers: own = share, distribution }]): ChannelLoad => ({
    ...{ id, distribution },
    gbps: (own * averageMbps) / 1000,
    requestsPerSecond: own * requestsPerViewer(profile),
  }));
  const assigned = assign(loads, count, quotas);
  refuseAbove(problems, viewers, loads, assigned, quotas, count);
  return { assigned, distributions: count };
}

function normalChannels(
  problems: InputProblems,
  given: Record<string, CdnChannelArgs>,
  count: number,
): Map<string, CdnChannelArgs> {
  const channels = new Map<string, CdnChannelArgs>();
  if (!isPlain(given) || Object.keys(given).length === 0) {
    const allowed = 'an object with at least one entry';
    problems.add('channels', given, { allowed, fix: 'write { news: {} }' });
    return channels;
  }
  for (const [id, channel] of Object.entries(given)) {
    const path = `channels.${id}`;
    if (!CHANNEL_PATTERN.test(id)) {
      const allowed = '1 to 63 of a-z, 0-9 and inner hyphens';
      problems.add(path, id, { because: 'the id', allowed, fix: `rename it; it is the encoder's CHANNEL` });
    }
    if (!isObject(problems, path, channel, '{}')) continue;
    problems.checkNames(path, channel, ['viewers', 'public', 'distribution']);
    const { viewers, public: isPublic, distribution } = channel;
    const isCount = wholeNumber(0, MOST_VIEWERS, VIEWERS);
    if (viewers !== undefined) problems.judge(`${path}.viewers`, viewers, isCount);
    if (isPublic !== undefined) problems.judge(`${path}.public`, isPublic, flag);
    const number = wholeNumber(1, count, ' of a distribution');
    if (distribution !== undefined) problems.judge(`${path}.distribution`, distribution, number);
    const isThere = distribution !== undefined && number(distribution) === undefined;
    channels.set(id, {
      ...(viewers !== undefined && isCount(viewers) === undefined && { viewers }),
      ...(isThere && { distribution }),
    });
  }
  return channels;
}

function normalQuotas(problems: InputProblems, given: Partial<CdnQuotas> | undefined): CdnQuotas {
  if (given === undefined || !isObject(problems, 'quotas', given, '{ gbps: 300 }')) return DEFAULT_QUOTAS;
  problems.checkNames('quotas', given, Object.keys(DEFAULT_QUOTAS));
  const quotas = { ...DEFAULT_QUOTAS, ...given };
  const bad = Object.entries(quotas).filter(([name, value]) => {
    const problem = positive('of the quota')(value);
    if (problem) problems.add(`quotas.${name}`, value, problem);
    return problem;
  });
  return bad.length > 0 ? DEFAULT_QUOTAS : quotas;
}

const figure = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
const up = (value: number): number => Math.ceil(Number(value.toPrecision(12)));

/** Says both ways out: a higher quota, or more distributions. */
function refuseAbove(
  problems: InputProblems,
  viewers: number,
  loads: readonly ChannelLoad[],
  assigned: ReadonlyMap<string, number>,
  quotas: CdnQuotas,
  count: number,
): void {
  const peak = peakOf(loads, assigned);
  if (fits(peak, quotas)) return;
  const raise = {
    ...(peak.gbps > quotas.gbps && { gbps: up(peak.gbps) }),
    ...(peak.requestsPerSecond > quotas.requestsPerSecond && {
      requestsPerSecond: up(peak.requestsPerSecond),
    }),
  };
  const enough = countThatDoes(loads, quotas);
  const written = Object.entries(raise)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  const asked = `have AWS raise the quotas of a distribution and write quotas: { ${written} }`;
  const split =
    enough === undefined
      ? 'more distributions would not do: a channel is on one'
      : `or write distributions: ${enough}`;
  problems.add('viewers', viewers, {
    because:
      `${count === 1 ? 'the distribution' : `the fullest of ${count} distributions`} would be asked for ` +
      `${figure(peak.gbps)} Gbit/s and ${figure(peak.requestsPerSecond)} requests a second`,
    allowed: `${figure(quotas.gbps)} Gbit/s and ${figure(quotas.requestsPerSecond)} requests a second of a distribution`,
    fix: `${asked}, ${split}`,
  });
}
