import { expect } from 'chai';
import { lintPlaylists } from '../../../encoder/lint/offline';
import type { Severity, Snapshot } from '../../../encoder/lint/types';
import { BASE, snapshots, type Shape } from './stream';

type Edit = (text: string) => string;

interface Mutation {
  /** What is broken. */
  readonly breaks: string;
  readonly rule: string;
  readonly severity?: Severity;
  /** File that the finding is about. */
  readonly file: string;
  /** The line that it is about, by its text after the edit; left out when it has no line. */
  readonly line?: string | RegExp;
  /** Ticks read; one by default, which leaves rules over time out. */
  readonly ticks?: readonly [number, number];
  readonly shape?: Shape;
  /** Edits of one file, in all its versions, or only those from a tick on. */
  readonly edit?: Edit;
  readonly from?: number;
  /** Or of everything. */
  readonly change?: (all: Snapshot[]) => Snapshot[];
}

const replace =
  (what: string | RegExp, by: string): Edit =>
  (text) => {
    const edited = text.replace(what, by);
    if (edited === text) throw new Error(`nothing matches ${String(what)}`);
    return edited;
  };
/** Where there is something to replace: in some versions there is not. */
const maybe =
  (what: string | RegExp, by: string): Edit =>
  (text) =>
    text.replace(what, by);
const drop = (what: RegExp): Edit => replace(new RegExp(`^(?:${what.source})\\n`, 'gm'), '');

const V = 'v1080.m3u8';
const A = 'a128.m3u8';
const M = 'index.m3u8';
/** At tick 245 segment 893000020 is open with parts 0 to 4, and 5 to 19 are listed. */
const OPEN = 893_000_020;

const MUTATIONS: readonly Mutation[] = [
  { breaks: 'the first line', rule: 'S1', file: V, line: '#EXTM3U8', edit: replace('#EXTM3U', '#EXTM3U8') },
  { breaks: 'a byte order mark', rule: 'S1', file: V, line: /#EXTM3U$/, edit: (text) => `\uFEFF${text}` },
  {
    breaks: 'the type of an attribute',
    rule: 'S2',
    file: V,
    line: /PART-HOLD-BACK=1\.02402,CAN-SKIP-UNTIL="24"/,
    change: (all) => everyMedia(all, replace('CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL="24"'), V),
  },
  {
    breaks: 'a quote',
    rule: 'S2',
    file: M,
    line: /^#EXT-X-MEDIA/,
    edit: replace(',CHANNELS="2"', ',CHANNELS=2"'),
  },
  {
    breaks: 'a required attribute',
    rule: 'S3',
    file: V,
    line: /^#EXT-X-PRELOAD-HINT:TYPE=PART$/,
    edit: replace(/(HINT:TYPE=PART),URI="[^"]*"/, '$1'),
  },
  {
    breaks: 'the kind of playlist',
    rule: 'S4',
    file: M,
    line: '#EXT-X-TARGETDURATION:4',
    edit: (text) => `${text}#EXT-X-TARGETDURATION:4\n`,
  },
  {
    breaks: 'a tag that may be there once',
    rule: 'S5',
    file: V,
    line: '#EXT-X-INDEPENDENT-SEGMENTS',
    edit: replace(
      '#EXT-X-TARGETDURATION',
      '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-TARGETDURATION',
    ),
  },
  {
    breaks: 'PART-INF, left out',
    rule: 'T1',
    file: V,
    line: /^#EXT-X-PART:.*893000017\.0\.m4s/,
    edit: drop(/#EXT-X-PART-INF:.*/),
  },
  {
    breaks: 'parts, none published in the audio playlist',
    rule: 'T1',
    file: A,
    line: /^#EXT-X-PART-INF/,
    change: (all) => one(all, A, (text) => drop(/#EXT-X-PART:.*/)(drop(/#EXT-X-PRELOAD-HINT:.*/)(text))),
  },
  {
    breaks: 'PART-TARGET, by a part that is 20 us too long',
    rule: 'T2',
    file: A,
    line: /^#EXT-X-PART:DURATION=0\.34136/,
    edit: replace(/0\.34133(,URI="p\/a128\/893000018)/, '0.34136$1'),
  },
  {
    breaks: '85 % of PART-TARGET',
    rule: 'T3',
    file: V,
    line: /^#EXT-X-PART:DURATION=0\.29/,
    change: (all) =>
      one(all, V, (text) =>
        replace(
          /0\.33333(,URI="p\/v1080\/893000018\.4)/,
          '0.34133$1',
        )(
          replace(
            /0\.33333(,URI="p\/v1080\/893000018\.5)/,
            '0.34133$1',
          )(replace(/0\.33333(,URI="p\/v1080\/893000018\.3)/, '0.29000$1')(text)),
        ),
      ),
  },
  {
    breaks: 'INDEPENDENT, left out of the first part',
    rule: 'T4',
    severity: 'warning',
    file: V,
    line: /893000018\.0\.m4s"$/,
    edit: replace(/(893000018\.0\.m4s"),INDEPENDENT=YES/, '$1'),
  },
  {
    breaks: 'PART-HOLD-BACK, left out',
    rule: 'T5',
    file: V,
    line: /^#EXT-X-SERVER-CONTROL/,
    change: (all) => everyMedia(all, replace(',PART-HOLD-BACK=1.02402', ''), V),
  },
  {
    breaks: 'PART-HOLD-BACK, 2.9 times',
    rule: 'T5',
    file: V,
    line: /^#EXT-X-SERVER-CONTROL/,
    change: (all) => everyMedia(all, replace('=1.02402', '=0.98988'), V),
  },
  {
    breaks: 'PART-HOLD-BACK, by a rendition with longer parts than the others',
    rule: 'T5',
    file: A,
    line: /^#EXT-X-SERVER-CONTROL/,
    edit: replace('PART-TARGET=0.34134', 'PART-TARGET=0.36'),
  },
  {
    breaks: 'HOLD-BACK',
    rule: 'T6',
    file: V,
    line: /^#EXT-X-SERVER-CONTROL/,
    change: (all) => everyMedia(all, replace('CAN-SKIP-UNTIL', 'HOLD-BACK=11.9,CAN-SKIP-UNTIL'), V),
  },
  {
    breaks: 'CAN-SKIP-UNTIL',
    rule: 'T7',
    file: V,
    line: /^#EXT-X-SERVER-CONTROL/,
    change: (all) => everyMedia(all, replace('CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL=20'), V),
  },
  {
    breaks: 'SERVER-CONTROL, in the audio playlist',
    rule: 'T8',
    file: A,
    line: /^#EXT-X-SERVER-CONTROL/,
    edit: replace('CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL=36'),
  },
  {
    breaks: 'TARGETDURATION, by a segment',
    rule: 'T9',
    file: V,
    line: '#EXTINF:4.60000,',
    edit: replace(/4\.00000(,\ns\/v1080\/893000005)/, '4.60000$1'),
  },
  {
    breaks: 'TARGETDURATION, over time',
    rule: 'T9',
    file: V,
    line: '#EXT-X-TARGETDURATION:5',
    ticks: [245, 247],
    change: (all) =>
      fromTick(
        all,
        247,
        /m3u8$/,
        (text) =>
          text
            .replace('TARGETDURATION:4', 'TARGETDURATION:5')
            .replace('CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL=30'),
        V,
      ),
  },
  {
    breaks: 'TARGETDURATION, in the audio playlist',
    rule: 'T10',
    file: A,
    line: '#EXT-X-TARGETDURATION:5',
    change: (all) =>
      one(
        one(all, A, replace('TARGETDURATION:4', 'TARGETDURATION:5')),
        /.m3u8/,
        maybe('CAN-SKIP-UNTIL=24', 'CAN-SKIP-UNTIL=30'),
      ),
  },
  {
    breaks: 'MEDIA-SEQUENCE, which goes back',
    rule: 'T11',
    file: V,
    line: '#EXT-X-MEDIA-SEQUENCE:100',
    ticks: [245, 246],
    change: (all) =>
      fromTick(all, 246, /v1080/, (text) =>
        text
          .replaceAll('LAST-MSN=100', 'LAST-MSN=893000020')
          .replace(/MEDIA-SEQUENCE:\d+/, 'MEDIA-SEQUENCE:100'),
      ),
  },
  {
    breaks: 'MEDIA-SEQUENCE, which does not count a removed segment',
    rule: 'T11',
    file: V,
    line: '#EXT-X-MEDIA-SEQUENCE:893000005',
    ticks: [251, 252],
    from: 252,
    edit: replace('MEDIA-SEQUENCE:893000006', 'MEDIA-SEQUENCE:893000005'),
  },
  {
    breaks: 'DISCONTINUITY-SEQUENCE, over time',
    rule: 'T11',
    file: V,
    line: '#EXT-X-DISCONTINUITY-SEQUENCE:5',
    ticks: [245, 246],
    change: (all) =>
      fromTick(
        all,
        246,
        /m3u8$/,
        (text) => text.replace('DISCONTINUITY-SEQUENCE:4', 'DISCONTINUITY-SEQUENCE:5'),
        V,
      ),
  },
  {
    breaks: 'DISCONTINUITY-SEQUENCE, left out',
    rule: 'T11',
    file: V,
    line: '#EXT-X-DISCONTINUITY',
    shape: { ticks: { 17: 5 }, discontinuities: [18] },
    change: (all) => only(all, V, drop(/#EXT-X-DISCONTINUITY-SEQUENCE:.*/)),
  },
  {
    breaks: 'the pace of parts',
    rule: 'T12',
    severity: 'warning',
    file: V,
    line: /^#EXT-X-PART:/,
    ticks: [245, 249],
    change: (all) => late(all, 248, 1500),
  },
  {
    breaks: 'the pace of segments',
    rule: 'T12',
    file: V,
    line: /^#EXTINF/,
    ticks: [240, 252],
    change: (all) => late(all, 252, 4000),
    severity: 'error',
  },
  {
    breaks: 'the window, which slides with four segments',
    rule: 'T13',
    file: V,
    line: /^#EXT-X-MEDIA-SEQUENCE/,
    ticks: [245, 254],
    change: (all) => all.filter(({ url }) => url.endsWith(V)).map(shortWindow),
  },
  {
    breaks: 'the removal of old parts',
    rule: 'T14',
    severity: 'warning',
    file: V,
    line: /893000010\.0\.m4s/,
    edit: replace(/(#EXTINF:4\.00000,\ns\/v1080\/893000010)/, `${parts(10)}$1`),
  },
  {
    breaks: 'the order of a date and the parts',
    rule: 'T15',
    file: V,
    line: /^#EXT-X-PROGRAM-DATE-TIME/,
    edit: replace(/(#EXT-X-PROGRAM-DATE-TIME:.*\n)(#EXT-X-PART:.*893000018\.0.*\n)/, '$2$1'),
  },
  {
    breaks: 'dates, left out of the audio playlist',
    rule: 'T16',
    file: A,
    edit: drop(/#EXT-X-PROGRAM-DATE-TIME:.*/),
  },
  {
    breaks: 'a date, 1.5 s before the end of the segment before',
    rule: 'T16',
    file: V,
    line: /PROGRAM-DATE-TIME:2026-11-21T08:01:10\.500Z/,
    change: (all) => only(all, V, replace('T08:01:12.000Z', 'T08:01:10.500Z')),
  },
  {
    breaks: 'the dates of audio against video',
    rule: 'T16',
    file: A,
    line: /PROGRAM-DATE-TIME/,
    edit: shiftDates(900),
  },
  {
    breaks: 'a date, which moves',
    rule: 'T16',
    file: V,
    line: /PROGRAM-DATE-TIME/,
    ticks: [245, 246],
    from: 246,
    edit: shiftDates(40),
  },
  {
    breaks: 'the number of hints',
    rule: 'T17',
    file: V,
    line: /^#EXT-X-PRELOAD-HINT.*9\.m4s/,
    edit: replace(
      /(#EXT-X-PRELOAD-HINT:.*\n)/,
      `$1#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/v1080/${OPEN}.9.m4s"\n`,
    ),
  },
  {
    breaks: 'the hint, of a part that is listed',
    rule: 'T17',
    file: V,
    line: /^#EXT-X-PRELOAD-HINT/,
    edit: replace(/(HINT:TYPE=PART,URI="p\/v1080\/\d+)\.5/, '$1.4'),
  },
  {
    breaks: 'the hint, of a part that never comes',
    rule: 'T17',
    file: V,
    line: /^#EXT-X-PART:.*893000020\.5\.m4s/,
    ticks: [245, 246],
    change: (all) =>
      fromTick(all, 245, /v1080/, maybe(/(HINT:TYPE=PART,URI="p\/v1080\/893000020)\.5/, '$1.5b')),
  },
  {
    breaks: 'the hint, left out',
    rule: 'T17',
    severity: 'warning',
    file: V,
    line: /893000020\.4\.m4s/,
    edit: drop(/#EXT-X-PRELOAD-HINT:.*/),
  },
  {
    breaks: 'a rendition report, left out',
    rule: 'T18',
    file: V,
    line: /^#EXT-X-RENDITION-REPORT/,
    edit: drop(/#EXT-X-RENDITION-REPORT:URI="a128.*/),
  },
  {
    breaks: 'a rendition report, with an absolute URI',
    rule: 'T18',
    file: V,
    line: /URI="https/,
    edit: replace('URI="a128.m3u8"', `URI="${BASE}a128.m3u8"`),
  },
  {
    breaks: 'a rendition report, which is stale',
    rule: 'T18',
    file: V,
    line: /LAST-MSN=893000016/,
    ticks: [245, 246],
    edit: maybe(/(a128\.m3u8",LAST-MSN=)893000020/, '$1893000016'),
  },
  {
    breaks: 'a rendition report, which is ahead',
    rule: 'T18',
    file: V,
    line: /LAST-MSN=893000024/,
    ticks: [245, 246],
    edit: maybe(/(a128\.m3u8",LAST-MSN=)893000020/, '$1893000024'),
  },
  {
    breaks: 'the version, higher than needed',
    rule: 'T19',
    severity: 'warning',
    file: V,
    line: '#EXT-X-VERSION:9',
    edit: replace('VERSION:6', 'VERSION:9'),
  },
  {
    breaks: 'the version, lower than needed',
    rule: 'T19',
    file: V,
    line: '#EXT-X-VERSION:5',
    edit: replace('VERSION:6', 'VERSION:5'),
  },
  {
    breaks: 'a hole in the dates',
    rule: 'T20',
    file: V,
    line: /PROGRAM-DATE-TIME/,
    change: (all) => only(all, V, hole),
  },
  {
    breaks: 'another map without a discontinuity',
    rule: 'T20',
    file: V,
    line: /^#EXT-X-MAP:URI="i\/v1080\/other/,
    edit: replace(/(#EXTINF:4\.00000,\ns\/v1080\/893000010)/, '#EXT-X-MAP:URI="i/v1080/other.mp4"\n$1'),
  },
  {
    breaks: 'a date range, which is removed too early',
    rule: 'T21',
    file: V,
    ticks: [245, 246],
    change: (all) =>
      fromTick(all, 245, /v1080/, (text) =>
        text.includes('893000020.5.m4s",') || text.includes('893000020.5.m4s"\n#EXT-X-PRE')
          ? text
          : text.replace(
              '#EXT-X-PRELOAD',
              '#EXT-X-DATERANGE:ID="ad",START-DATE="2026-11-21T08:01:00Z",DURATION=30\n#EXT-X-PRELOAD',
            ),
      ),
  },
  {
    breaks: 'the ID of a date range',
    rule: 'T21',
    file: V,
    line: /START-DATE="2026-11-21T08:02/,
    edit: replace(
      '#EXT-X-PRELOAD',
      '#EXT-X-DATERANGE:ID="ad",START-DATE="2026-11-21T08:01:00Z"\n#EXT-X-DATERANGE:ID="ad",START-DATE="2026-11-21T08:02:00Z"\n#EXT-X-PRELOAD',
    ),
  },
  {
    breaks: 'the type, VOD while it is live',
    rule: 'T22',
    file: V,
    line: '#EXT-X-PLAYLIST-TYPE:VOD',
    edit: replace('#EXT-X-TARGETDURATION', '#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION'),
  },
  {
    breaks: 'the type, EVENT while it slides',
    rule: 'T22',
    file: V,
    line: '#EXT-X-PLAYLIST-TYPE:EVENT',
    ticks: [251, 252],
    edit: replace('#EXT-X-TARGETDURATION', '#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-TARGETDURATION'),
  },
  {
    breaks: 'the map, left out',
    rule: 'T23',
    file: V,
    line: /^#EXTINF/,
    edit: (text) => drop(/#EXT-X-MAP:.*/)(text.replace('VERSION:6', 'VERSION:3')),
  },
  {
    breaks: 'INDEPENDENT-SEGMENTS, left out',
    rule: 'T23',
    severity: 'warning',
    file: M,
    edit: drop(/#EXT-X-INDEPENDENT-SEGMENTS/),
  },
  {
    breaks: 'the sum of the parts',
    rule: 'T24',
    file: V,
    line: '#EXTINF:3.90000,',
    edit: replace(/4\.00000(,\ns\/v1080\/893000018)/, '3.90000$1'),
  },
  {
    breaks: 'a listed segment, which changes',
    rule: 'T26',
    file: V,
    line: /^#EXTINF/,
    ticks: [245, 246],
    from: 246,
    edit: replace('s/v1080/893000010.m4s', 's/v1080/893000010b.m4s'),
  },
  {
    breaks: 'a listed part, which changes',
    rule: 'T26',
    file: V,
    line: /893000018\.3b/,
    ticks: [245, 246],
    from: 246,
    edit: replace('893000018.3.m4s', '893000018.3b.m4s'),
  },
  {
    breaks: 'the end, which is taken back',
    rule: 'T26',
    file: V,
    ticks: [245, 247],
    change: (all) => swapLast(all),
  },
  {
    breaks: 'PART-TARGET, over time',
    rule: 'T26',
    file: V,
    line: /^#EXT-X-PART-INF/,
    ticks: [245, 246],
    change: (all) =>
      fromTick(
        all.filter(({ url }) => url.endsWith(V)),
        246,
        /v1080/,
        replace('PART-TARGET=0.34134', 'PART-TARGET=0.34000'),
      ),
  },
  {
    breaks: 'CAN-BLOCK-RELOAD, not declared',
    rule: 'D2',
    file: V,
    line: /^#EXT-X-SERVER-CONTROL/,
    change: (all) => everyMedia(all, replace('CAN-BLOCK-RELOAD=YES,', ''), V),
  },
  {
    breaks: 'a URI, by a directive',
    rule: 'C10',
    severity: 'warning',
    file: V,
    line: /_HLS_msn/,
    edit: replace('URI="a128.m3u8"', 'URI="a128.m3u8?_HLS_msn=5"'),
  },
  {
    breaks: 'discontinuity numbers, in the audio playlist',
    rule: 'M9',
    file: A,
    line: '#EXT-X-DISCONTINUITY-SEQUENCE:5',
    edit: replace('DISCONTINUITY-SEQUENCE:4', 'DISCONTINUITY-SEQUENCE:5'),
  },
  {
    breaks: 'AVERAGE-BANDWIDTH',
    rule: 'M1',
    file: M,
    line: /1280x720/,
    edit: replace('AVERAGE-BANDWIDTH=2800000,', ''),
  },
  {
    breaks: 'CODECS',
    rule: 'M2',
    file: M,
    line: /1280x720/,
    edit: replace('CODECS="avc1.64001f,mp4a.40.2",', ''),
  },
  {
    breaks: 'FRAME-RATE',
    rule: 'M3',
    file: M,
    line: /1280x720/,
    edit: replace('RESOLUTION=1280x720,FRAME-RATE=30.000', 'RESOLUTION=1280x720'),
  },
  {
    breaks: 'VIDEO-RANGE on one variant only',
    rule: 'M4',
    file: M,
    line: /1280x720/,
    edit: replace('RESOLUTION=1920x1080', 'VIDEO-RANGE=PQ,RESOLUTION=1920x1080'),
  },
  {
    breaks: 'the audio group',
    rule: 'M5',
    file: M,
    line: /1280x720/,
    edit: replace(/(1280x720.*AUDIO=)"audio"/, '$1"stereo"'),
  },
  { breaks: 'LANGUAGE', rule: 'M5', file: M, line: /^#EXT-X-MEDIA/, edit: replace('LANGUAGE="en",', '') },
  {
    breaks: 'hvc1',
    rule: 'M6',
    file: M,
    line: /1920x1080/,
    edit: replace('avc1.640028', 'hev1.1.6.L120.90'),
  },
  {
    breaks: 'the HEVC level',
    rule: 'M7',
    file: M,
    line: /1920x1080/,
    edit: replace('avc1.640028', 'hvc1.2.4.H156.B0'),
  },
];

function one(all: readonly Snapshot[], file: string | RegExp, edit: Edit): Snapshot[] {
  const chosen = ({ url }: Snapshot): boolean =>
    typeof file === 'string' ? url.endsWith(`/${file}`) : file.test(url);
  return all.map((snapshot) => (chosen(snapshot) ? { ...snapshot, text: edit(snapshot.text) } : snapshot));
}

/** The one file alone, edited: what would break rules between renditions as well. */
function only(all: readonly Snapshot[], file: string, edit: Edit): Snapshot[] {
  return one(all, file, edit).filter(({ url }) => url.endsWith(`/${file}`));
}

/** A header edit that must be the same everywhere not to break T8 too: seen in one file alone. */
const everyMedia = (all: readonly Snapshot[], edit: Edit, file: string): Snapshot[] => only(all, file, edit);

function fromTick(
  all: readonly Snapshot[],
  tick: number,
  url: RegExp,
  edit: Edit,
  file?: string,
): Snapshot[] {
  return all
    .filter((snapshot) => file === undefined || snapshot.url.endsWith(`/${file}`))
    .map((snapshot) =>
      url.test(snapshot.url) && (snapshot.receivedAtMs ?? 0) >= (tick * 1000) / 3 - 1
        ? { ...snapshot, text: edit(snapshot.text) }
        : snapshot,
    );
}

function late(all: readonly Snapshot[], tick: number, ms: number): Snapshot[] {
  return all
    .filter(({ url }) => url.endsWith(V))
    .map((snapshot) => {
      const at = snapshot.receivedAtMs ?? 0;
      return at >= (tick * 1000) / 3 - 1 ? { ...snapshot, receivedAtMs: at + ms } : snapshot;
    });
}

/** Only the last four complete segments, as a server with a short window would. */
function shortWindow(snapshot: Snapshot): Snapshot {
  const complete = [
    ...snapshot.text.matchAll(/^#EXT-X-PROGRAM-DATE-TIME:.*\n(?:#EXT-X-PART:.*\n)*#EXTINF:.*\n.*\n/gm),
  ];
  const gone = complete.slice(0, -4);
  let { text } = snapshot;
  for (const [match] of gone) text = text.replace(match, '');
  text = text.replace(
    /MEDIA-SEQUENCE:(\d+)/,
    (_, first: string) => `MEDIA-SEQUENCE:${Number(first) + gone.length}`,
  );
  return { ...snapshot, text };
}

function parts(segment: number): string {
  return Array.from(
    { length: 12 },
    (_, part) =>
      `#EXT-X-PART:DURATION=0.33333,URI="p/v1080/8930000${segment}.${part}.m4s"${part % 6 === 0 ? ',INDEPENDENT=YES' : ''}\n`,
  ).join('');
}

function shiftDates(ms: number): Edit {
  return (text) =>
    text.replace(
      /(#EXT-X-PROGRAM-DATE-TIME:)(.*)/g,
      (_, tag: string, date: string) => `${tag}${new Date(Date.parse(date) + ms).toISOString()}`,
    );
}

/** From segment 893000015 on everything is five seconds later. */
function hole(text: string): string {
  const at = text.indexOf('s/v1080/893000014.m4s');
  return text.slice(0, at) + shiftDates(5000)(text.slice(at));
}

/** The last version comes before the one it follows. */
function swapLast(all: readonly Snapshot[]): Snapshot[] {
  const mine = all.filter(({ url }) => url.endsWith(V));
  const [first, second, third] = mine;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('three versions are needed');
  return [first, { ...second, text: third.text }, { ...third, text: second.text }];
}

function lineIn(texts: readonly string[], wanted: string | RegExp): number[] {
  return texts.flatMap((text) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        (typeof wanted === 'string' ? line === wanted : wanted.test(line)) ? [index + 1] : [],
      ),
  );
}

function mutated(mutation: Mutation): Snapshot[] {
  const [from, to] = mutation.ticks ?? [245, 245];
  const all = snapshots(from, to, mutation.shape);
  if (mutation.change !== undefined) return mutation.change(all);
  const edit = mutation.edit ?? ((text) => text);
  if (mutation.from !== undefined)
    return fromTick(all, mutation.from, new RegExp(`/${mutation.file.replace('.', '\\.')}$`), edit);
  return one(all, mutation.file, edit);
}

describe('lint: one broken rule is one finding', () => {
  for (const mutation of MUTATIONS) {
    it(`${mutation.rule} for ${mutation.breaks}`, () => {
      const broken = mutated(mutation);
      const report = lintPlaylists(broken);
      const seen = report.findings
        .filter(({ severity, rule }) => !(severity === 'info' && (rule === 'T13' || rule === 'M8')))
        .map(({ rule, severity, place }) => ({ rule, severity, url: place.url }));
      const expected = {
        rule: mutation.rule,
        severity: mutation.severity ?? 'error',
        url: `${BASE}${mutation.file}`,
      };
      expect(seen, JSON.stringify(report.findings, undefined, 1)).to.deep.equal([expected]);
      const finding = report.findings.find(({ rule }) => rule === mutation.rule);
      expect(finding?.found).to.be.a('string').and.not.equal('');
      expect(finding?.remedy).to.be.a('string').and.not.equal('');
      expect(finding?.source).to.match(/./);
      if (mutation.line === undefined) expect(finding?.place.line).to.equal(undefined);
      else {
        const texts = broken.filter(({ url }) => url === `${BASE}${mutation.file}`).map(({ text }) => text);
        expect(lineIn(texts, mutation.line)).to.include(finding?.place.line);
      }
      expect(report.ok).to.equal((mutation.severity ?? 'error') !== 'error');
      expect(report.checks.find(({ rule }) => rule === mutation.rule)?.status).to.equal('failed');
    });
  }

  it('covers more than 30 rules', () => {
    expect(new Set(MUTATIONS.map(({ rule }) => rule)).size).to.be.greaterThan(30);
  });
});
