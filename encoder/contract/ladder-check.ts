/** What a ladder must be, and what it should be. */
import type { FrameRate } from './grid';
import { RENDITION_PATTERN } from './keys';
import { videoLevel } from './ladder-levels';
import type { AudioRung, Ladder, VideoRung } from './ladders';

export interface LadderProblem {
  /** For example `video[2].width`. */
  readonly path: string;
  readonly value: unknown;
  readonly allowed: string;
  readonly remedy: string;
}

/** Everything that is wrong with a ladder. */
export class LadderError extends Error {
  readonly problems: readonly LadderProblem[];

  constructor(problems: readonly LadderProblem[], name = 'the ladder') {
    const lines = problems.map(
      ({ path, value, allowed, remedy }) =>
        `  ${path}${value === undefined ? '' : ` is ${JSON.stringify(value)}`}: allowed is ${allowed}. ${remedy}`,
    );
    super(`${name} cannot be used:\n${lines.join('\n')}`);
    this.name = 'LadderError';
    this.problems = problems;
  }
}

/** kbit/s of a first rung that is neither slow to start with nor poor to look at: a factor of two about 2,000. */
const START = { from: 1000, to: 4000 };
const AUDIO_KBPS = { from: 32, to: 320 };

/**
 * @returns advice: what is unwise and allowed, a sentence each
 * @throws LadderError with every problem
 */
export function validateLadder(ladder: Ladder, frameRate: FrameRate): string[] {
  const { video, audio } = ladder;
  const problems: LadderProblem[] = [];
  const add = (path: string, value: unknown, allowed: string, remedy: string) =>
    problems.push({ path, value, allowed, remedy });

  if (video.length === 0) add('video', [], 'at least one rung', 'Add a rung.');
  if (audio.length === 0)
    add('audio', [], 'at least one rung', 'Add a rung; a source without sound gets silence.');
  const seen = new Map<string, string>();
  const ids = [...entries('video', video), ...entries('audio', audio)];
  for (const [path, { id }] of ids) {
    if (!RENDITION_PATTERN.test(id) || id === 'index') {
      add(
        `${path}.id`,
        id,
        `a name of ${RENDITION_PATTERN.source} other than index`,
        'It becomes part of URLs: rename it.',
      );
    } else if (seen.has(id)) {
      add(
        `${path}.id`,
        id,
        'an id that no other rung has',
        `${seen.get(id)} has it too: rename one of them.`,
      );
    } else seen.set(id, path);
  }
  const priorities = new Map<number, string>();
  for (const [path, rung] of entries('video', video)) {
    checkVideo(path, rung, frameRate, add);
    const other = priorities.get(rung.priority);
    if (other) {
      add(
        `${path}.priority`,
        rung.priority,
        'a number that no other rung has',
        `${other} has it too: say which goes first.`,
      );
    }
    priorities.set(rung.priority, path);
  }
  const languages = new Map<string, string>();
  for (const [path, rung] of entries('audio', audio)) {
    checkAudio(path, rung, add);
    const other = languages.get(rung.language);
    if (other)
      add(
        `${path}.language`,
        rung.language,
        'one rung a language',
        `${other} has it too: remove one of them.`,
      );
    languages.set(rung.language, path);
  }
  checkOrder(video, add);
  if (problems.length > 0) throw new LadderError(problems);
  return advice(video);
}

type Add = (path: string, value: unknown, allowed: string, remedy: string) => void;

const entries = <T>(name: string, list: readonly T[]): [string, T][] =>
  list.map((item, i) => [`${name}[${i}]`, item]);

const whole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

function checkVideo(path: string, rung: VideoRung, frameRate: FrameRate, add: Add): void {
  const before = { wrong: false };
  const wrong: Add = (...problem) => {
    before.wrong = true;
    add(...problem);
  };
  for (const side of ['width', 'height'] as const) {
    const most = side === 'width' ? 8192 : 4320;
    if (!whole(rung[side], 64, most) || rung[side] % 2 !== 0) {
      wrong(
        `${path}.${side}`,
        rung[side],
        `an even number from 64 to ${most}`,
        'Chroma has half the samples each way.',
      );
    }
  }
  if (rung.codec === 'h264' && rung.bitDepth !== 8) {
    wrong(
      `${path}.bitDepth`,
      rung.bitDepth,
      '8 with H.264',
      'Browsers decode no 10-bit H.264: use 8, or HEVC or AV1.',
    );
  }
  if (!whole(rung.bitrateKbps, 50, 800_000)) {
    wrong(
      `${path}.bitrateKbps`,
      rung.bitrateKbps,
      'a whole number from 50 to 800000 (kbit/s)',
      'Give the average.',
    );
  }
  if (!whole(rung.maxrateKbps, 50, 800_000) || rung.maxrateKbps < rung.bitrateKbps) {
    const allowed = `a whole number from bitrateKbps (${rung.bitrateKbps}) to 800000`;
    wrong(
      `${path}.maxrateKbps`,
      rung.maxrateKbps,
      allowed,
      'It caps the rate: 1.1 times the average is usual.',
    );
  }
  if (!(rung.bufferSeconds >= 0.5 && rung.bufferSeconds <= 1)) {
    const remedy = 'Less starves key frames, more lets a part grow past what its time can carry.';
    add(`${path}.bufferSeconds`, rung.bufferSeconds, 'a number from 0.5 to 1', remedy);
  }
  if (!whole(rung.priority, 1, 99)) {
    add(`${path}.priority`, rung.priority, 'a whole number from 1 (kept longest) to 99', 'Number the rungs.');
  }
  if (!before.wrong && !videoLevel(rung, frameRate)) {
    const value = `${rung.width}x${rung.height} at ${frameRate} fps and ${rung.maxrateKbps} kbit/s`;
    add(
      path,
      value,
      `what a level of ${rung.codec} holds`,
      'Make the picture, the frame rate or maxrateKbps smaller.',
    );
  }
}

function checkAudio(path: string, rung: AudioRung, add: Add): void {
  if (!whole(rung.bitrateKbps, AUDIO_KBPS.from, AUDIO_KBPS.to)) {
    const allowed = `a whole number from ${AUDIO_KBPS.from} to ${AUDIO_KBPS.to} (kbit/s of AAC-LC)`;
    add(`${path}.bitrateKbps`, rung.bitrateKbps, allowed, 'Stereo is 96 to 160.');
  }
  if (!isLanguage(rung.language)) {
    add(`${path}.language`, rung.language, 'a BCP 47 tag', 'For example en, de or pt-BR.');
  }
  if (rung.name.trim() === '' || /["\r\n]/.test(rung.name)) {
    add(
      `${path}.name`,
      rung.name,
      'some text without double quotes and line breaks',
      'Players show it in a menu.',
    );
  }
}

export function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** After the first rung, and within a codec: rising bit rates, and never more pixels for fewer bits. */
function checkOrder(video: readonly VideoRung[], add: Add): void {
  const [first, ...rest] = entries('video', video);
  for (const codec of ['h264', 'hevc', 'av1'] as const) {
    const rungs = rest.filter(([, rung]) => rung.codec === codec);
    for (const [i, [path, rung]] of rungs.entries()) {
      const [belowPath, below] = rungs[i - 1] ?? [];
      if (below && rung.bitrateKbps <= below.bitrateKbps) {
        const allowed = `more than ${belowPath} of the same codec has (${below.bitrateKbps})`;
        add(
          `${path}.bitrateKbps`,
          rung.bitrateKbps,
          allowed,
          'After the first rung, list each codec from low to high.',
        );
      }
    }
    const all = [...(first?.[1].codec === codec ? [first] : []), ...rungs].sort(
      ([, a], [, b]) => a.bitrateKbps - b.bitrateKbps,
    );
    for (const [i, [path, rung]] of all.entries()) {
      const larger = all
        .slice(0, i)
        .find(([, below]) => below.width * below.height > rung.width * rung.height);
      if (larger) {
        const value = `${rung.width}x${rung.height}`;
        add(
          path,
          value,
          `a picture no smaller than that of ${larger[0]}, which has fewer bits`,
          'Swap their bit rates or sizes.',
        );
      }
    }
  }
}

function advice(video: readonly VideoRung[]): string[] {
  const found: string[] = [];
  const first = video[0]!;
  if (first.bitrateKbps < START.from || first.bitrateKbps > START.to) {
    found.push(
      `A player starts with the first rung, ${first.id}: ${first.bitrateKbps} kbit/s. Advised is about 2000 (${START.from} to ${START.to}).`,
    );
  }
  if (!video.some(({ codec }) => codec === 'h264')) {
    found.push('No rung is H.264: players without the other codecs can play nothing.');
  }
  const kept = video.reduce((a, b) => (a.priority < b.priority ? a : b));
  if (video.some(({ codec }) => codec === 'h264') && kept.codec !== 'h264') {
    found.push(
      `The rung that is kept longest, ${kept.id}, is not H.264: not every player can fall back on it.`,
    );
  }
  return found;
}
