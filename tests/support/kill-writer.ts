/** Kills a channel's writer at random moments, again and again, while an observer watches the channel. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Claim } from '../../encoder/contract';
import { Origin } from '../../encoder/origin/origin';
import { startOriginServer } from '../../encoder/origin/server';
import { lastClaim, readClaim } from '../../encoder/store/claims';
import { openStores } from '../../encoder/store/open';
import { createLogger } from '../../encoder/telemetry/log';
import { Observer } from './observer';

const CHANNEL = 'killed';

export interface KillOptions {
  readonly kills: number;
  /** Compiled entry of the writer process, and its environment besides STORE and CHANNEL. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Ticks that a writer lives for, at most. */
  readonly mostTicks: number;
  readonly tickMs: number;
}

export interface KillResult {
  readonly observer: Observer;
  readonly claims: readonly Claim[];
  /** Milliseconds from each kill to the next part of the channel. */
  readonly recoveriesMs: readonly number[];
  /** Milliseconds from each kill until the writer's own children had gone. */
  readonly orphansMs: readonly number[];
}

export async function killWriter(options: KillOptions): Promise<KillResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'killed-'));
  const stores = openStores(`file:${folder}`);
  const origin = new Origin({ stores, windowSeconds: 60, log: createLogger('origin', 'warn') });
  const server = await startOriginServer({ origin, host: '127.0.0.1', httpPort: 0 });
  const observer = new Observer(`http://127.0.0.1:${server.httpPort}/live/${CHANNEL}/`);
  const recoveriesMs: number[] = [];
  const orphansMs: number[] = [];
  let writer: ChildProcess | undefined;
  let first: number | undefined;
  try {
    for (let kill = 0; kill <= options.kills; kill++) {
      const startedAt = Date.now();
      writer = fork(options.entry, {
        env: { ...process.env, STORE: `file:${folder}`, CHANNEL, ...options.environment },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const ticks = tickMessages(writer);
      const firstTick = await ticks.next();
      if (firstTick.done) throw new Error(`writer ${kill} ended before its first tick`);
      first ??= firstTick.value;
      if (kill === 0) await observer.start();
      else recoveriesMs.push(Date.now() - startedAt);
      if (kill === options.kills) break;
      const lives = Math.floor(Math.random() * options.mostTicks);
      for (let tick = 0; tick < lives; tick++) await ticks.next();
      await delay(Math.random() * options.tickMs);
      const children = childrenOf(writer.pid!);
      const exited = once(writer, 'exit');
      writer.kill('SIGKILL');
      const killedAt = Date.now();
      await exited;
      while (children.some(isAlive) && Date.now() - killedAt < 5000) await delay(20);
      orphansMs.push(Date.now() - killedAt);
    }
    // The last one leaves in good order.
    const exited = once(writer!, 'exit');
    writer!.kill('SIGTERM');
    expect((await exited)[0], 'exit code of a writer that is told to leave').to.equal(0);
    await observer.stop();
    return { observer, claims: await allClaims(stores.general, first!), recoveriesMs, orphansMs };
  } finally {
    writer?.kill('SIGKILL');
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The numbers of a writer's ticks, as it announces them. */
async function* tickMessages(writer: ChildProcess): AsyncGenerator<number> {
  const waiting: number[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  writer.on('message', (message: { msn?: number; tick?: number }) => {
    if (message.msn === undefined || message.tick === undefined) return;
    waiting.push(message.msn);
    wake?.();
  });
  writer.once('exit', () => {
    ended = true;
    wake?.();
  });
  for (;;) {
    const msn = waiting.shift();
    if (msn !== undefined) yield msn;
    else if (ended) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function allClaims(store: ReturnType<typeof openStores>['general'], first: number): Promise<Claim[]> {
  const last = (await lastClaim(store, CHANNEL))!;
  const claims: Claim[] = [];
  for (let msn = first; msn <= last.msn; msn++) {
    const claim = await readClaim(store, CHANNEL, msn);
    if (!claim) throw new Error(`claim ${msn} is missing between ${first} and ${last.msn}`);
    claims.push(claim);
  }
  return claims;
}

export function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has waited for is dead.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
