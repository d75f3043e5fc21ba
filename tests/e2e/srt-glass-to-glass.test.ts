import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPlayer, stats, type PlayerWindow } from '../support/browser';
import { startClockCamera, type ClockCamera } from '../support/clock-camera';
import { startLocalChannel, type LocalChannel } from '../support/local-channel';

const SETTLE_MS = 10_000;
const WATCH_MS = 40_000;

describe('a camera over SRT at 120 ms, in a browser', function () {
  this.timeout(WATCH_MS + 90_000);
  let channel: LocalChannel;
  let camera: ClockCamera;
  let browser: Browser;

  before(async () => {
    channel = await startLocalChannel('--source', 'srt', '--ingest-port', '0');
    camera = startClockCamera(`${channel.srtUrl}&latency=120000&pkt_size=1316`);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    camera?.stop();
    await channel?.stop();
  });

  it('is seen without a stall, at most 2.0 s glass to glass (p95 after 10 s)', async () => {
    const page = await openPlayer(browser, channel.httpsUrl);
    const startedAt = await page.evaluate(() => Date.now());
    await page.waitForTimeout(WATCH_MS);
    const delays = await page.evaluate(
      (from) =>
        (globalThis as unknown as PlayerWindow)
          .mediaPlayer!.samples.filter(({ at }) => at >= from)
          .map(({ glassToGlassMs }) => glassToGlassMs)
          .sort((a, b) => a - b),
      startedAt + SETTLE_MS,
    );
    const { stalls } = await stats(page);
    const at = (share: number) => Math.round(delays[Math.floor(delays.length * share)]!);
    console.log(
      `      p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(0.9999)} ms, ${delays.length} frames read`,
    );
    expect(stalls).to.equal(0);
    expect(delays.length).to.be.greaterThan((5 * (WATCH_MS - SETTLE_MS)) / 1000);
    expect(at(0.95)).to.be.at.most(2000);
    expect(at(0.05), 'a delay below the hold-back means a wrong clock').to.be.greaterThan(500);
  });
});
