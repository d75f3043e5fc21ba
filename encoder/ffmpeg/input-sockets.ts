/**
 * Sockets through which ffmpeg takes pictures and sound. ffmpeg stops reading commands from its standard
 * input as soon as any input's name begins with `pipe:`; a Unix socket costs the same as a pipe and has no
 * such effect.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { EncodeJob, InputAddresses } from './job';

export interface InputSockets {
  /** For {@link EncodeJob.inputs}. */
  readonly addresses: InputAddresses;
  /** Each resolves when ffmpeg opens that input: one after the other, in this order, each after the first data of the one before. */
  readonly pictures: Promise<Writable>;
  readonly sound: readonly Promise<Writable>[];
  /** Closes what is open and removes the folder. Call it when ffmpeg has ended, or was never started. */
  close(): Promise<void>;
}

/** Listens in a new folder that only this user may enter; each socket takes one connection. */
export async function openInputSockets({
  source,
  ladder,
}: Pick<EncodeJob, 'source' | 'ladder'>): Promise<InputSockets> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aws-media-'));
  const names = ['pictures', ...(source.kind === 'frames' ? ladder.audio.map(({ id }) => id) : [])];
  const inputs = await Promise.all(names.map((name) => listen(path.join(folder, name))));
  const [pictures, ...sound] = inputs;
  return {
    addresses: { pictures: pictures!.address, sound: sound.map(({ address }) => address) },
    pictures: pictures!.connected,
    sound: sound.map(({ connected }) => connected),
    close: async () => {
      for (const input of inputs) input.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(socketPath: string): Promise<{
  address: string;
  connected: Promise<Writable>;
  close(): void;
}> {
  let socket: Socket | undefined;
  const server = createServer();
  const connected = new Promise<Writable>((resolve) => {
    server.once('connection', (found: Socket) => {
      socket = found;
      // A program that has ended says so by its exit.
      found.on('error', () => undefined).resume();
      server.close();
      resolve(found);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  const close = () => {
    server.close();
    socket?.destroy();
  };
  return { address: `unix:${socketPath}`, connected, close };
}
