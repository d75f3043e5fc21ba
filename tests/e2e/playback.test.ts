import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { lint } from '../../encoder/lint';
import { launchBrowser, openPlayer, stats, type PlayerWindow } from '../support/browser';
import { startLocalChannel, type LocalChannel } from '../support/local-channel';

const SETTLE_MS = 10_000;
const WATCH_MS = 120_000;

/** What a viewer saw. */
interface Watched {
  readonly seen: Awaited<ReturnType<typeof stats>>;
  readonly delays: readonly number[];
  readonly events: unknown;
}

async function watch(browser: Browser, url: string): Promise<Watched> {
  const page = await openPlayer(browser, url);
  const startedAt = await page.evaluate(() => Date.now());
  await page.waitForTimeout(WATCH_MS);
  const seen = await stats(page);
  const delays = await page.evaluate(
    (from) =>
      (globalThis as unknown as PlayerWindow)
        .mediaPlayer!.samples.filter(({ at }) => at >= from)
        .map(({ glassToGlassMs }) => glassToGlassMs),
    startedAt + SETTLE_MS,
  );
  const events = await page.evaluate(() => (globalThis as unknown as PlayerWindow).mediaPlayer!.events);
  await page.context().close();
  return { seen, delays: delays.toSorted((a, b) => a - b), events };
}

describe('two minutes in a browser, at balanced parts, two viewers at once', function () {
  this.timeout(WATCH_MS + 90_000);
  let channel: LocalChannel;
  let browser: Browser;
  let watched: readonly [Watched, Watched];

  before(async () => {
    channel = await startLocalChannel();
    browser = await launchBrowser();
    watched = await Promise.all([watch(browser, channel.playerUrl), watch(browser, channel.httpsUrl)]);
  });
  after(async () => {
    await browser?.close();
    await channel?.stop();
  });

  for (const [index, name, protocol] of [
    [0, 'HTTP/1.1', 'http/1.1'],
    [1, 'HTTP/2', 'h2'],
  ] as const) {
    it(`plays over ${name} without a stall, at most 2.0 s glass to glass (p95 after 10 s)`, () => {
      const { seen, delays: sorted, events } = watched[index];
      const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)]!);
      console.log(
        `      ${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(0.9999)} ms, ${sorted.length} frames read`,
      );
      expect(seen.stalls, JSON.stringify(events)).to.equal(0);
      expect(seen.state).to.equal('playing');
      expect(seen.protocol).to.equal(protocol);
      // A clock that is rarely read would prove little: at least five frames a second.
      expect(sorted.length).to.be.greaterThan((5 * (WATCH_MS - SETTLE_MS)) / 1000);
      expect(at(0.95)).to.be.at.most(2000);
      expect(at(0.05), 'a delay below the hold-back means a wrong clock').to.be.greaterThan(500);
    });
  }

  it('satisfies the linter over HTTP/2', async () => {
    const report = await lint(channel.httpsUrl.replace(/player\/.*/, 'live/test/index.m3u8'), {
      seconds: 12,
      insecure: true,
    });
    // The window is a minute by design; that Apple recommends fifteen is information.
    expect(
      report.findings.filter(({ severity, rule }) => severity !== 'info' || rule !== 'T13'),
    ).to.deep.equal([]);
    expect(report.ok).to.equal(true);
  });
});
