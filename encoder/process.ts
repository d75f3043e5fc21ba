/** What the runtime's processes share: how they talk to a launcher, and how they fail. */
import { LadderError } from './contract';
import { EnvironmentError } from './environment';
import { EngineError } from './ffmpeg/engine';

/** What a process tells the one that started it, where that one opened a channel for it. */
export type Announcement =
  | { readonly type: 'listening'; readonly ports: Readonly<Record<string, number | null>> }
  | { readonly type: 'progress'; readonly fps: number; readonly speed: number }
  /** `lateMs`: from the capture of the tick's last frame, by the claim's clock, to its bundle in the store. */
  | { readonly type: 'tick'; readonly msn: number; readonly tick: number; readonly lateMs: number }
  | { readonly type: 'viewers'; readonly viewers: number }
  | { readonly type: 'segment'; readonly msn: number }
  /** Where contributors push to; no secret is in it. */
  | { readonly type: 'ingest'; readonly url: string }
  /** What viewers see of the contribution. */
  | { readonly type: 'input'; readonly state: 'live' | 'repeat' | 'slate' | 'gap' }
  | { readonly type: 'standby'; readonly writer: string }
  | { readonly type: 'ended' };

export function announce(message: Announcement): void {
  if (process.connected) process.send?.(message);
}

/** Exit codes of the runtime's processes. */
export const EXIT = {
  /** Something went wrong that a restart may mend. */
  failure: 1,
  /** Wrong configuration: a restart will not help. */
  configuration: 78,
  /** Another encoder has taken the channel over. */
  fenced: 3,
} as const;

const CONFIGURATION_ERRORS = [EnvironmentError, EngineError, LadderError] as const;

export function exitOnFailure(error: unknown): never {
  const known = error instanceof Error ? error : new Error(String(error));
  const isConfiguration = CONFIGURATION_ERRORS.some((kind) => known instanceof kind);
  process.stderr.write(`${isConfiguration ? known.message : (known.stack ?? known.message)}\n`);
  process.exit(
    isConfiguration ? EXIT.configuration : known.name === 'FencedError' ? EXIT.fenced : EXIT.failure,
  );
}
