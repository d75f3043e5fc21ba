/** Sizes of tasks on Fargate. */
import type { Problem } from '../kit';

const GIB = 1024;
const gibs = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => (from + n) * GIB);

/**
 * Memory in MiB by CPU units: Amazon ECS Developer Guide, "Task CPU and memory". An origin is one process, which more than
 * 4 CPUs would not make faster; and it keeps 256 MiB of media, for which 512 MiB are too few.
 */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, gibs(1, 2)],
  [512, gibs(1, 4)],
  [1024, gibs(2, 8)],
  [2048, gibs(4, 16)],
  [4096, gibs(8, 30)],
]);

/** @returns undefined where there is a task with so many CPU units */
export function cpuProblem(cpu: unknown): Problem | undefined {
  if (FARGATE_SIZES.has(cpu as number)) return undefined;
  return {
    allowed: [...FARGATE_SIZES.keys()].join(', '),
    fix: 'give CPU units: 1024 are one CPU; for more load, more tasks',
  };
}

/** @returns undefined where Fargate has the memory beside the CPU units, or the latter are wrong already */
export function memoryProblem(cpu: number, memory: unknown): Problem | undefined {
  const sizes = FARGATE_SIZES.get(cpu);
  if (!sizes || sizes.includes(memory as number)) return undefined;
  const isTooLittle = typeof memory === 'number' && memory < GIB;
  return {
    ...(isTooLittle && { because: 'an origin keeps 256 MiB of media' }),
    allowed: `with ${cpu} CPU units ${sizes[0]} to ${sizes.at(-1)} MiB, a multiple of 1024`,
    fix: 'choose one of these, or another cpu',
  };
}
