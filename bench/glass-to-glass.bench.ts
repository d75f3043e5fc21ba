/** Glass-to-glass delay in a browser, by profile: half a minute each after ten seconds. */
import { launchBrowser, openPlayer, stats, type PlayerWindow } from '../tests/support/browser';
import { startLocalChannel } from '../tests/support/local-channel';
import { PROFILES } from '../encoder/contract';

const SETTLE_MS = 10_000;
const WATCH_MS = Number(process.env['BENCH_SECONDS'] ?? 30) * 1000;
const LIMIT_MS = 2000;

async function main(): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const profile of PROFILES) {
      const channel = await startLocalChannel('--profile', profile);
      try {
        const page = await openPlayer(browser, channel.httpsUrl);
        await page.waitForTimeout(SETTLE_MS);
        const from = await page.evaluate(() => Date.now());
        await page.waitForTimeout(WATCH_MS);
        const delays = await page.evaluate(
          (since) =>
            (globalThis as unknown as PlayerWindow)
              .mediaPlayer!.samples.filter(({ at }) => at >= since)
              .map(({ glassToGlassMs }) => glassToGlassMs)
              .sort((a, b) => a - b),
          from,
        );
        const { stalls } = await stats(page);
        await page.context().close();
        const at = (share: number) => `${(delays[Math.floor(delays.length * share)]! / 1000).toFixed(2)} s`;
        const p95 = delays[Math.floor(delays.length * 0.95)]!;
        const verdict =
          profile === 'balanced' ? `   at most 2.0 s: ${p95 <= LIMIT_MS ? 'met' : 'missed'}` : '';
        console.log(`${profile.padEnd(9)} p50 ${at(0.5)}   p95 ${at(0.95)}   stalls ${stalls}${verdict}`);
      } finally {
        await channel.stop();
      }
    }
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
