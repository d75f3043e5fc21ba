/** Lengths of time as people write them: "30 days", "6 hours". Read here and nowhere else. */

const UNIT_SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;
const DURATION = /^(\d{1,9}(?:\.\d{1,3})?) (second|minute|hour|day|week)s?$/;

/** What is allowed, for messages. */
export const DURATION_FORM = 'a number, a space and a unit: seconds, minutes, hours, days or weeks';

/** @returns seconds; undefined where the text is no length of time */
export function parseDuration(text: unknown): number | undefined {
  const match = typeof text === 'string' ? DURATION.exec(text) : null;
  return match ? Number(match[1]) * UNIT_SECONDS[match[2] as keyof typeof UNIT_SECONDS] : undefined;
}

/** For services that count in days: the least number of them that is no shorter, and at least one. */
export const wholeDays = (seconds: number): number => Math.max(1, Math.ceil(seconds / UNIT_SECONDS.day));
