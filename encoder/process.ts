/** What the runtime's processes share: how they talk to a launcher, and how they fail. */
import { EnvironmentError } from './environment';

/** What a process tells the one that started it, where that one opened a channel for it. */
export type Announcement =
  | { readonly type: 'listening'; readonly ports: Readonly<Record<string, number | null>> }
  | { readonly type: 'progress'; readonly fps: number; readonly speed: number }
  /** `lateMs`: from the capture of the tick's last frame, by the claim's clock, to its bundle in the store. */
  | { readonly type: 'tick'; readonly msn: number; readonly tick: number; readonly lateMs: number }
  | { readonly type: 'viewers'; readonly viewers: number }
  | { readonly type: 'segment'; readonly msn: number }
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

export function exitOnFailure(error: unknown): never {
  const known = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(
    `${known instanceof EnvironmentError ? known.message : (known.stack ?? known.message)}\n`,
  );
  process.exit(
    known instanceof EnvironmentError
      ? EXIT.configuration
      : known.name === 'FencedError'
        ? EXIT.fenced
        : EXIT.failure,
  );
}
