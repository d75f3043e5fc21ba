import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** Processes by the one that started them, as Linux tells. */
function childrenOf(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** The fourth field; the second is a name, which may have spaces and parentheses. Undefined where it has ended. */
function parentOf(id: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/**
 * Kills a process, with no time to say goodbye, and then those that it had started, which on their own would stay.
 * To be called while it runs: afterwards nobody knows whose they were.
 */
export async function endWithIts(child: ChildProcess): Promise<void> {
  const all = childrenOf();
  const below = (id: number): number[] => (all.get(id) ?? []).flatMap((each) => [each, ...below(each)]);
  const others = child.pid === undefined ? [] : below(child.pid);
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await ended;
  for (const id of others) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}
