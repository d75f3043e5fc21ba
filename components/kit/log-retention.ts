/** How long CloudWatch Logs keeps what it is given. */
import type { Problem } from './input-errors';

/** Days that PutRetentionPolicy takes: Amazon CloudWatch Logs API Reference. */
const DAYS: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

/** @returns undefined where CloudWatch Logs takes the number */
export function retentionProblem(days: unknown): Problem | undefined {
  if (DAYS.includes(days as number)) return undefined;
  const longer = DAYS.find((each) => each >= Number(days));
  return { allowed: DAYS.join(', '), fix: `choose one of these${longer ? `, as ${longer}` : ''}` };
}
