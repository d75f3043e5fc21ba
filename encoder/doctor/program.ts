/** Runs a program to its end, or kills it with everything that it has started. */
import { spawn } from 'node:child_process';
import type { CheckContext } from './check';

export type Outcome =
  | { readonly kind: 'missing' }
  /** It is there and cannot be started. */
  | { readonly kind: 'broken'; readonly reason: string }
  | {
      readonly kind: 'ended';
      /** Null where a signal ended it. */
      readonly code: number | null;
      readonly stdout: Buffer;
      readonly stderr: string;
    };

const MOST_BYTES = 1 << 20;

/** @throws the signal's reason, once the program is gone */
export async function runProgram(
  { system, signal }: Pick<CheckContext, 'system' | 'signal'>,
  program: string,
  programArguments: readonly string[],
  input?: Buffer,
): Promise<Outcome> {
  signal.throwIfAborted();
  // A group of its own, so that what a wrapper script has started ends with it.
  const child = spawn(program, programArguments, {
    detached: true,
    env: { ...system.environment, LC_ALL: 'C' },
    stdio: 'pipe',
  });
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
    for (const stream of child.stdio) stream?.destroy();
  };
  signal.addEventListener('abort', kill, { once: true });
  // One that has ended without reading is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  try {
    const outcome = await new Promise<Outcome>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'broken', reason: error.message }),
      );
      child.once('close', (code) =>
        resolve({ kind: 'ended', code, stdout: stdout(), stderr: stderr().toString('utf8') }),
      );
    });
    signal.throwIfAborted();
    return outcome;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** Reads to the end and keeps the beginning: a program that babbles must not fill the memory. */
function collect(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < MOST_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, MOST_BYTES);
}

export const firstLine = (text: string): string => text.trim().split('\n')[0]!.trim();
