import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { lint } from '../../encoder/lint';
import { launchBrowser, openPlayer, type PlayerWindow } from '../support/browser';
import { childrenOf } from '../support/kill-writer';
import { startLocalChannel, type LocalChannel } from '../support/local-channel';
import { Observer } from '../support/observer';

describe('a viewer, when a process is killed', function () {
  this.timeout(120_000);
  let channel: LocalChannel;
  let browser: Browser;
  let page: Page;
  let observer: Observer;

  before(async () => {
    channel = await startLocalChannel();
    browser = await launchBrowser();
    page = await openPlayer(browser, channel.playerUrl);
    observer = new Observer(new URL('.', channel.playlistUrl).href, { originMayBeAway: true });
    await observer.start();
  });
  after(async () => {
    await browser?.close();
    await channel?.stop();
  });

  const victims: Readonly<Record<string, () => Promise<number>>> = {
    ffmpeg: async () => childrenOf((await channel.status()).encoderPid!)[0]!,
    'the encoder': async () => (await channel.status()).encoderPid!,
    'the origin': async () => (await channel.status()).originPid!,
  };
  for (const [name, pid] of Object.entries(victims)) {
    it(`plays on within 5 s of kill -9 of ${name}`, async () => {
      const victim = await pid();
      process.kill(victim, 'SIGKILL');
      const killedAt = Date.now();
      const resumedMs = await framesFromAfter(page, killedAt);
      console.log(
        `      ${name}: a frame that was captured after the kill is on the screen after ${resumedMs} ms`,
      );
      expect(resumedMs).to.be.lessThan(5000);
    });
  }

  it('was shown nothing that went missing, changed or went back; and the linter is content', async () => {
    await observer.stop();
    expect(observer.violations).to.deep.equal([]);
    expect(observer.listed.size).to.be.greaterThan(50);
    const report = await lint(channel.playlistUrl, { seconds: 8 });
    // Plain HTTP, and a window of a minute, are meant here.
    expect(report.findings.filter(({ rule }) => rule !== 'C1' && rule !== 'T13')).to.deep.equal([]);
  });
});

/** Milliseconds from the kill until a frame is on the screen that was captured after it. */
async function framesFromAfter(page: Page, killedAt: number): Promise<number> {
  const shownAt = await page.waitForFunction(
    (from) => {
      const { samples } = (globalThis as unknown as PlayerWindow).mediaPlayer!;
      const shown = samples.find(({ at, glassToGlassMs }) => at - glassToGlassMs > from);
      return shown?.at ?? 0;
    },
    killedAt,
    { timeout: 30_000, polling: 100 },
  );
  return Math.round((await shownAt.jsonValue()) - killedAt);
}
