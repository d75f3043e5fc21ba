/** Glass-to-glass delay in a browser, by profile, and from a camera over SRT: half a minute each after ten seconds. */
import { launchBrowser, openPlayer, stats, type PlayerWindow } from '../tests/support/browser';
import { startClockCamera } from '../tests/support/clock-camera';
import { startLocalChannel } from '../tests/support/local-channel';
import { PROFILES } from '../encoder/contract';

const SETTLE_MS = 10_000;
const WATCH_MS = Number(process.env['BENCH_SECONDS'] ?? 30) * 1000;
const LIMIT_MS = 2000;

async function main(): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const name of [...PROFILES, 'srt'] as const) {
      const flags = name === 'srt' ? ['--source', 'srt', '--ingest-port', '0'] : ['--profile', name];
      const channel = await startLocalChannel(...flags);
      const camera =
        name === 'srt' ? startClockCamera(`${channel.srtUrl}&latency=120000&pkt_size=1316`) : undefined;
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
          name === 'balanced' || name === 'srt'
            ? `   at most 2.0 s: ${p95 <= LIMIT_MS ? 'met' : 'missed'}`
            : '';
        console.log(`${name.padEnd(9)} p50 ${at(0.5)}   p95 ${at(0.95)}   stalls ${stalls}${verdict}`);
      } finally {
        camera?.stop();
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
