/** Damages request targets: their path, their query's pairs, then single characters. All stays printable ASCII. */
import type { Random } from './random';

const FIRST_MSN = 850_000_000;
const NAMES = ['_HLS_msn', '_HLS_part', '_HLS_skip'];
const STRANGE_NAMES = [
  ...['_HLS_', '_hls_msn', '_HLS_MSN', '_HLS_push', '_HLS_msn[]', '_HLS_msn[0]', '_HLS_part.x', '%5FHLS_msn'],
  ...[
    '_HLS%5fpart',
    '_HLS_%6dsn',
    '%EF%BB%BF_HLS_msn',
    '_HLS_msn%00',
    '+_HLS_msn',
    '',
    '__proto__',
    'constructor',
  ],
  ...['CMCD', 'token', 'x'],
];
const STRANGE_VALUES = [
  ...[
    '',
    '0',
    '00',
    '-0',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    'null',
    'true',
    '[]',
    '{}',
    '%',
  ],
  ...[
    '%2',
    '%zz',
    '%30',
    '%2530',
    '%00',
    '%0A1',
    '1%0A',
    '1%20',
    '%D9%A1',
    '%C0%B0',
    '%FF',
    '1,2',
    '1;2',
    '1|2',
    '1_0',
  ],
  ...['999999999999999', '1000000000000000', '9007199254740993', '18446744073709551616', '000000000000001'],
  ...[
    '0000000000000001',
    '9'.repeat(400),
    '9'.repeat(4200),
    'YES',
    'yes',
    'v2',
    'V2',
    'NO',
    'YES,v2',
    'YES%20',
    '%59ES',
  ],
];
const PIECES = [
  ...[
    'live',
    'open',
    'whole',
    'left',
    'again',
    'ended',
    'absent',
    '720p',
    '360p',
    'audio',
    'index.m3u8',
    '720p.m3u8',
  ],
  ...[
    'audio.m3u8',
    'p',
    's',
    'i',
    '..',
    '.',
    '',
    '%2e%2e',
    '%2F',
    '\\',
    'Open',
    'o_n',
    '-open',
    'open-',
    'edge',
    'claims',
  ],
  ...[
    'o'.repeat(63),
    'o'.repeat(64),
    `${'v'.repeat(32)}.m3u8`,
    `${'v'.repeat(33)}.m3u8`,
    '.m3u8',
    'index',
    '720p.m3u8.m3u8',
  ],
];

type Pair = [name: string, value: string | undefined];

function value(name: string, random: Random): string {
  if (random.chance(0.3)) return random.pick(STRANGE_VALUES);
  if (name === '_HLS_skip') return random.pick(['YES', 'v2']);
  if (name === '_HLS_part') return String(random.chance(0.7) ? random.below(6) : random.below(40));
  return String(FIRST_MSN - 1 + random.below(9));
}

/** The same character in another way of writing it. */
function encoded(text: string, random: Random): string {
  if (text === '') return text;
  const at = random.below(text.length);
  const hex = text.charCodeAt(at).toString(16).padStart(2, '0');
  const way = random.pick([`%${hex}`, `%${hex.toUpperCase()}`, `%25${hex}`]);
  return text.slice(0, at) + way + text.slice(at + 1);
}

function mutatePairs(pairs: Pair[], random: Random): void {
  const at = random.below(pairs.length + 1);
  const pair = pairs[at];
  const kind = random.below(7);
  if (!pair || kind === 0) {
    const name = random.chance(0.7) ? random.pick(NAMES) : random.pick(STRANGE_NAMES);
    pairs.splice(at, 0, [name, random.chance(0.05) ? undefined : value(name, random)]);
  } else if (kind === 1) pairs.splice(at, 1);
  else if (kind === 2) pairs.push(...Array<Pair>(random.few(40)).fill(pair));
  else if (kind === 3) pair[0] = random.pick(STRANGE_NAMES);
  else if (kind === 4) pair[1] = value(pair[0], random);
  else if (kind === 5) pair[0] = encoded(pair[0], random);
  else pair[1] = encoded(pair[1] ?? '', random);
}

function mutatePath(path: string, random: Random): string {
  const parts = path.split('/');
  const kind = random.below(6);
  // Numbers are in the last part alone.
  const at = kind === 4 ? parts.length - 1 : 1 + random.below(parts.length - 1);
  if (kind === 0) parts[at] = random.pick(PIECES);
  else if (kind === 1) parts.splice(at, 1);
  else if (kind === 2) parts.splice(at, 0, random.pick(PIECES));
  else if (kind === 3) parts[at] = encoded(parts[at]!, random);
  else if (kind === 4) {
    parts[at] = parts[at]!.replace(/\d+/, () =>
      random.pick(['0', '01', '1', '850000003', ...STRANGE_VALUES]),
    );
  } else parts[2] = random.pick(['open', 'whole', 'left', 'again', 'ended', 'absent']);
  return parts.join('/');
}

function mutateText(text: string, random: Random): string {
  const at = 1 + random.below(text.length);
  const character = String.fromCharCode(0x21 + random.below(0x5e));
  return text.slice(0, at) + (random.chance(0.7) ? character : '') + text.slice(at + random.below(2));
}

/** @param corpus whole targets */
export function mutateRequest(corpus: readonly string[], random: Random): string {
  const target = random.pick(corpus);
  const mark = target.indexOf('?');
  let path = mark === -1 ? target : target.slice(0, mark);
  const pairs: Pair[] = (mark === -1 ? '' : target.slice(mark + 1))
    .split('&')
    .filter((text) => text !== '')
    .map((text) =>
      text.includes('=')
        ? [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]
        : [text, undefined],
    );
  for (let count = random.below(4); count > 0; count--) mutatePairs(pairs, random);
  if (random.chance(0.25)) path = mutatePath(path, random);
  const query = pairs.map(([name, text]) => (text === undefined ? name : `${name}=${text}`)).join('&');
  let out = pairs.length > 0 ? `${path}?${query}` : path;
  if (random.chance(0.15)) out = mutateText(out, random);
  // Node's own parser has the rest: a target that begins otherwise, or beyond 16 KiB.
  return `/${out.replace(/^\//, '')}`.slice(0, 9000);
}
