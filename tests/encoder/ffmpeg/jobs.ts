/** Every job that the goldens and the runs of NVENC lists cover. */
import path from 'node:path';
import { LADDER_NAMES, LADDERS, tickGrid, type Ladder, type LadderName } from '../../../encoder/contract';
import type { EncodeJob, Engine, Source } from '../../../encoder/ffmpeg/arguments';

export const ENGINES = ['software', 'nvenc'] as const;
export const MEDIA = path.join('tests', 'fixtures', 'media', 'bigbuckbunny.mp4');
export const SOURCES: readonly Source[] = [
  { kind: 'test' },
  { kind: 'file', path: MEDIA, loop: true },
  { kind: 'frames' },
];

export const jobOf = (ladder: LadderName | Ladder, engine: Engine, source: Source): EncodeJob => ({
  ...{ source, engine, frameRate: '30', grid: tickGrid('30', 'balanced') },
  ladder: typeof ladder === 'string' ? LADDERS[ladder] : ladder,
});

export const everyJob = (): { ladder: LadderName; engine: Engine; source: Source; job: EncodeJob }[] =>
  LADDER_NAMES.flatMap((ladder) =>
    ENGINES.flatMap((engine) =>
      SOURCES.map((source) => ({ ladder, engine, source, job: jobOf(ladder, engine, source) })),
    ),
  );
