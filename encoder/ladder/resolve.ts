/** A ladder by its name, or from a JSON file. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  defaultMaxrate,
  LADDER_NAMES,
  LadderError,
  LADDERS,
  validateLadder,
  type FrameRate,
  type Ladder,
  type LadderName,
} from '../contract';

const name = z.string({ error: 'some text' });
const wholeNumber = z.int({ error: 'a whole number' });

const video = z
  .strictObject(
    {
      id: name,
      codec: z.enum(['h264', 'hevc', 'av1'], { error: 'h264, hevc or av1' }),
      bitDepth: z.union([z.literal(8), z.literal(10)], { error: '8 or 10' }).default(8),
      width: wholeNumber,
      height: wholeNumber,
      bitrateKbps: wholeNumber,
      maxrateKbps: wholeNumber.optional(),
      bufferSeconds: z.number({ error: 'a number from 0.5 to 1' }).default(1),
      priority: wholeNumber,
    },
    { error: unknownKey },
  )
  .transform((rung) => ({ ...rung, maxrateKbps: rung.maxrateKbps ?? defaultMaxrate(rung.bitrateKbps) }));

const audio = z.strictObject(
  {
    id: name.default('audio'),
    bitrateKbps: wholeNumber,
    channels: z.literal(2, { error: '2' }).default(2),
    language: name.default('en'),
    name: name.default('English'),
  },
  { error: unknownKey },
);

const schema = z.strictObject(
  {
    description: name.default('a ladder of your own'),
    video: z.array(video, { error: 'a list of rungs' }),
    audio: z.array(audio, { error: 'a list of rungs' }),
  },
  { error: unknownKey },
);

function unknownKey(issue: { code?: string; keys?: readonly string[] }): string {
  return issue.code === 'unrecognized_keys'
    ? `no ${(issue.keys ?? []).join(', ')}: it is not a property of a ladder`
    : 'an object';
}

/**
 * @param text one of {@link LADDER_NAMES}, or `file:<path>` of a JSON file (docs/ladders.md)
 * @throws LadderError with everything that is wrong, or naming the ladders there are
 */
export function resolveLadder(text: string, frameRate: FrameRate = '30'): Ladder {
  if ((LADDER_NAMES as readonly string[]).includes(text)) return LADDERS[text as LadderName];
  if (!text.startsWith('file:')) {
    throw new LadderError(
      [
        {
          ...{ path: 'name', value: text, allowed: `${LADDER_NAMES.join(', ')}, or file:PATH.json` },
          remedy: 'Choose one, or write your own as docs/ladders.md shows.',
        },
      ],
      JSON.stringify(text),
    );
  }
  const result = schema.safeParse(readJson(text.slice('file:'.length)), { reportInput: true });
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message, input }) => ({
      path: path.reduce<string>(
        (at, key) => at + (typeof key === 'number' ? `[${key}]` : `${at && '.'}${String(key)}`),
        '',
      ),
      value: typeof input === 'object' ? undefined : input,
      allowed: message,
      remedy: 'See docs/ladders.md for the properties.',
    }));
    throw new LadderError(problems, text);
  }
  validateLadder(result.data, frameRate);
  return result.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const allowed = 'a JSON file that can be read';
    throw new LadderError(
      [{ path: 'file', value: file, allowed, remedy: `${(error as Error).message}.` }],
      file,
    );
  }
}
