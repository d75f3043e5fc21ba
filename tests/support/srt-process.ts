/** What the kernel knows of the processes that tests of SRT start. */
import { readdirSync, readFileSync } from 'node:fs';

/** The processes of this name that a process has started. */
export function childPids(name: string, parent = process.pid): number[] {
  return processes().filter((pid) => {
    const [, comm, ppid] = /^\d+ \((.*)\) \S (\d+) /s.exec(read(pid, 'stat')) ?? [];
    return comm === name && Number(ppid) === parent;
  });
}

/** The most memory that a process has had in use, in bytes. */
export function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1]) * 1024;
}

/** The processes whose arguments or environment have a text in them. */
export function processesShowing(text: string): number[] {
  return processes().filter(
    (pid) => read(pid, 'cmdline').includes(text) || read(pid, 'environ').includes(text),
  );
}

const processes = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Empty where the process has gone, or is not ours to read. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
