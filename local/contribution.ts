/** What a local channel that waits for a contributor needs, and how to push to it. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PORTS } from '../encoder/contract';

export const PROTOCOLS = ['srt', 'rtmp', 'udp'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const isProtocol = (source: string): source is Protocol =>
  (PROTOCOLS as readonly string[]).includes(source);

export interface LocalIngest {
  readonly protocol: Protocol;
  /** 0 is any free port. */
  readonly port: number;
  /** Further variables of the encoder, such as `ON_INPUT_LOSS`. */
  readonly environment: Readonly<Record<string, string>>;
  /** File of the secret that a contributor needs, where there is one. */
  readonly secretFile?: string;
  /** SRT: what a contributor must give, and the latency to ask for, in milliseconds. */
  readonly streamId?: string;
  readonly latencyMs?: number;
}

export const PORT_VARIABLES: Readonly<Record<Protocol, string>> = {
  srt: 'SRT_PORT',
  rtmp: 'RTMP_PORT',
  udp: 'UDP_PORT',
};

export const DEFAULT_PORTS: Readonly<Record<Protocol, number>> = {
  srt: PORTS.srt,
  rtmp: PORTS.rtmp,
  udp: PORTS.udp,
};

/** A stream key of this channel's own, made at its first start. @returns its file, which only this user may read */
export async function streamKeyFile(stateFolder: string): Promise<string> {
  const file = path.join(stateFolder, 'rtmp-key');
  try {
    await writeFile(file, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
}

const ENCODE = '-c:v libx264 -preset veryfast -tune zerolatency -g 60 -b:v 6M -c:a aac -b:a 160k';

/** Lines that say how to push to a URL with ffmpeg and with OBS. */
export function pushInstructions(ingest: LocalIngest, url: string): string[] {
  const { protocol, secretFile, streamId } = ingest;
  const { host } = authority(url);
  switch (protocol) {
    case 'srt': {
      const latency = `latency=${(ingest.latencyMs ?? 120) * 1000}`;
      // As options, for ffmpeg takes what stands in a URL as it is written.
      const options = [
        ...(streamId ? ['-srt_streamid', quoted(streamId)] : []),
        ...(secretFile ? ['-passphrase', `"$(head -n 1 ${quoted(secretFile)})"`] : []),
      ];
      const obs = [
        latency,
        ...(streamId ? [`streamid=${streamId}`] : []),
        ...(secretFile ? [`passphrase=<the first line of ${secretFile}>`] : []),
      ];
      return [
        'ffmpeg (latency in microseconds):',
        `  ${['ffmpeg -re -i FILE', ENCODE, '-f mpegts', ...options, `'srt://${host}?${latency}&pkt_size=1316'`].join(' ')}`,
        'OBS: Settings > Stream > Custom; Output > x264, Tune zerolatency, Keyframe Interval 2 s',
        `  Server      srt://${host}?${obs.join('&')}`,
        '  Stream Key  (empty)',
      ];
    }
    case 'rtmp':
      return [
        'ffmpeg:',
        `  ffmpeg -re -i FILE ${ENCODE} -f flv "${url}/$(head -n 1 ${quoted(secretFile!)})"`,
        'OBS: Settings > Stream > Custom; Output > x264, Tune zerolatency, Keyframe Interval 2 s',
        `  Server      ${url}`,
        `  Stream Key  (the first line of ${secretFile})`,
      ];
    case 'udp':
      return ['ffmpeg:', `  ffmpeg -re -i FILE ${ENCODE} -f mpegts 'udp://${host}?pkt_size=1316'`];
  }
}

/** Host and port of a URL whose scheme URL does not take apart. */
export const authority = (url: string): URL => new URL(url.replace(/^\w+:/, 'http:'));

/** For a shell. */
const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
