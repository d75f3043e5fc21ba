/** The report as text, for a terminal of any width. */
import type { CheckResult, CheckStatus } from './check';
import type { DoctorReport } from './examine';

const STATUS_WIDTH = 9;
const NARROWEST = 40;
const WIDEST = 100;

/** `columns`: of the terminal; lines keep within them, except a word that is longer. */
export function formatReport({ checks, ok }: DoctorReport, columns = 80): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns)) - STATUS_WIDTH;
  return [...checks.flatMap((check) => lines(check, width)), '', summary(checks, ok), ''].join('\n');
}

function lines({ status, title, found, needed, remedy }: CheckResult, width: number): string[] {
  const indent = ' '.repeat(STATUS_WIDTH);
  const [first = '', ...rest] = [
    ...wrap(`${title}: ${found}`, width),
    ...(needed === undefined ? [] : wrap(`needed: ${needed}`, width)),
    ...(remedy === undefined ? [] : wrap(`to do: ${remedy}`, width)),
  ];
  return [status.padEnd(STATUS_WIDTH) + first, ...rest.map((line) => indent + line)];
}

/** Breaks at spaces; a command in backquotes stays whole where a line can hold it, so that it can be copied. */
function wrap(text: string, width: number): string[] {
  const words = (text.match(/\S*`[^`]*`\S*|\S+/g) ?? []).flatMap((word) =>
    word.length > width ? word.split(' ') : [word],
  );
  const wrapped: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      wrapped.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...wrapped, line];
}

function summary(checks: readonly CheckResult[], ok: boolean): string {
  const count = (wanted: CheckStatus) => checks.filter(({ status }) => status === wanted).length;
  const warnings = count('warning');
  const counts = [
    `${count('ok')} ok`,
    `${warnings} warning${warnings === 1 ? '' : 's'}`,
    `${count('failed')} failed`,
    `${count('skipped')} skipped`,
  ];
  return `${counts.join(', ')}\n${ok ? 'A channel can run here.' : 'Put right what failed, then run this again.'}`;
}
