import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured JSON, one line an event, on stderr: stdout is for data. */
export function createLogger(name: string, level: string): Logger {
  return pino(
    { name, level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
}
