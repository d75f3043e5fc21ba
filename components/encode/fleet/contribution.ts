/** What comes in, as the capacity model is told: it decides how much of a decoder a channel needs. */
import { isObject, isPlain, oneOf, rule, type InputProblems } from '../../kit';
import type { Contribution } from '../capacity';

const NAMES = [
  'codec',
  'bitDepth',
  'width',
  'height',
  'bitrateKbps',
] as const satisfies readonly (keyof Contribution)[];
const EXAMPLE = `{ codec: 'hevc', bitDepth: 10, width: 3840, height: 2160, bitrateKbps: 60_000 }`;

const codec = oneOf(['h264', 'hevc', 'av1'] satisfies Contribution['codec'][]);
const bitDepth = rule((value) => value === 8 || value === 10, '8, 10', 'choose one');
const within = (from: number, to: number, of: string) =>
  rule(
    (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
    `a whole number of ${of} from ${from} to ${to}`,
    'correct it',
  );
/** NVDEC's largest picture: NVIDIA Video Codec SDK, "NVDEC Application Note". */
const side = within(16, 8192, 'pixels');
const rate = within(1, 1_000_000, 'kbit/s');

/** @returns whether it is absent, or as it can be */
export function checkContribution(problems: InputProblems, path: string, given: unknown): boolean {
  if (given === undefined) return true;
  if (!isObject(problems, path, given, EXAMPLE) || !isPlain(given)) return false;
  problems.checkNames(path, given, NAMES);
  const judged = [
    ['codec', codec],
    ['bitDepth', bitDepth],
    ['width', side],
    ['height', side],
    ['bitrateKbps', rate],
  ] as const;
  for (const [name, judge] of judged) problems.judge(`${path}.${name}`, given[name], judge);
  return judged.every(([name, judge]) => judge(given[name]) === undefined);
}
