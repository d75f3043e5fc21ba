/** What `local up` shows: one screen, and below it a line that lives. */
import type { WriteStream } from 'node:tty';
import { clearLine, cursorTo } from 'node:readline';
import type { LocalStatus } from '../local/launcher';

/** What stands in for the deployed stack. From the settings alone: to record the stack would delay the start by seconds. */
export function summary({ source, ladder, urls }: Pick<LocalStatus, 'source' | 'ladder' | 'urls'>): string[] {
  const isPushed = urls !== undefined && Object.keys(urls).some((name) => /^(srt|rtmp|udp)Url$/.test(name));
  const rows = [
    [isPushed ? `${source} port` : `source ${source}`, 'SrtIngest'],
    [`encoder, ${ladder}`, 'NvencEncodeFleet'],
    ['folder of files', 'TieredSegmentStore'],
    ['origin', 'LlHlsOrigin'],
    ['nothing', 'StreamingCdn, MediaVpc, EncoderImage'],
  ] as const;
  const width = Math.max(...rows.map(([here]) => here.length));
  return [
    '  On this machine, in place of the stack local on AWS:',
    ...rows.map(([here, there]) => `    ${here.padEnd(width)}  for ${there}`),
    '  "aws-media plan local" says what is deployed.',
  ];
}

export function screen(status: LocalStatus): string {
  const { urls, source, ladder, profile, pid, push } = status;
  const ingest = urls && Object.entries(urls).find(([name]) => /^(srt|rtmp|udp)Url$/.test(name));
  return [
    '',
    ...summary(status),
    '',
    `  Live: ${source} as ${ladder}, ${profile} parts`,
    '',
    `  playerUrl    ${urls?.playerUrl}`,
    `  httpsUrl     ${urls?.httpsUrl}`,
    '               (HTTP/2; the certificate is self-signed, so the browser asks once)',
    `  playlistUrl  ${urls?.playlistUrl}`,
    `  metricsUrl   ${urls?.metricsUrl}`,
    ...(ingest
      ? [`  ${ingest[0].padEnd(11)}  ${ingest[1]}`, '', '  Push to it, and the slate gives way:']
      : []),
    ...(push ?? []).map((line) => `    ${line}`),
    '',
    `  Stop it with Ctrl-C where it runs, or "aws-media local down" (process ${pid}).`,
    '',
    '',
  ].join('\n');
}

export function statusLine(status: LocalStatus): string {
  const { fps, speed, publishMs, viewers, restarts, input } = status;
  return [
    ...(input ? [`input ${input}`] : []),
    `${fps.toFixed(0)} fps`,
    `speed ${speed.toFixed(2)}x`,
    `published ${publishMs === undefined ? '-' : Math.round(publishMs)} ms after capture`,
    `${viewers} viewer${viewers === 1 ? '' : 's'}`,
    ...(restarts > 0 ? [`${restarts} restart${restarts === 1 ? '' : 's'}`] : []),
  ].join('   ');
}

const TERMINAL_MS = 1000;
/** Off a terminal a line is for a log. */
const LOG_MS = 30_000;

export class LiveStatus {
  readonly #out: WriteStream;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  start(status: () => LocalStatus): void {
    const show = () => this.#show(statusLine(status()));
    this.#timer = setInterval(show, this.#out.isTTY ? TERMINAL_MS : LOG_MS);
    show();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  /** A line that stays. */
  notice(message: string): void {
    this.#clear();
    this.#out.write(`${message}\n`);
  }

  #show(line: string): void {
    if (!this.#out.isTTY) {
      this.#out.write(`${line}\n`);
      return;
    }
    this.#clear();
    // A line that wraps could not be taken back.
    this.#out.write(`  ${line}`.slice(0, Math.max(1, (this.#out.columns || 80) - 1)));
  }

  #clear(): void {
    if (!this.#out.isTTY) return;
    clearLine(this.#out, 0);
    cursorTo(this.#out, 0);
  }
}
