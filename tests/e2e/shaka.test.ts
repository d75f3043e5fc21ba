import path from 'node:path';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { startLocalChannel, type LocalChannel } from '../support/local-channel';

/** As much of Shaka Player as the page script below uses. */
interface ShakaWindow {
  readonly shaka: {
    readonly Player: new () => {
      attach(video: unknown): Promise<void>;
      configure(settings: unknown): void;
      load(url: string): Promise<void>;
      getVariantTracks(): { width: number; height: number; active: boolean }[];
      selectVariantTrack(track: unknown, clearBuffer: boolean): void;
      addEventListener(type: string, listener: (event: { detail: { code: number } }) => void): void;
      isLive(): boolean;
      destroy(): Promise<void>;
    };
  };
  readonly document: { createElement(name: 'video'): Video; body: { replaceChildren(child: Video): void } };
}

interface Video {
  muted: boolean;
  currentTime: number;
  readonly videoHeight: number;
  play(): Promise<void>;
}

describe('Shaka Player, an LL-HLS client that shares no code with hls.js', function () {
  this.timeout(90_000);
  let channel: LocalChannel;
  let browser: Browser;

  before(async () => {
    channel = await startLocalChannel();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await channel?.stop();
  });

  it('plays every H.264 rung in low-latency mode, without an error', async () => {
    // The page's own policy forbids other scripts; this one is the test's.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(channel.playerUrl.replace('channel=test', 'channel=none'));
    await page.addScriptTag({
      path: path.resolve('node_modules/shaka-player/dist/shaka-player.compiled.js'),
    });
    const played = await page.evaluate(async (url) => {
      const { shaka, document } = globalThis as unknown as ShakaWindow;
      const video = document.createElement('video');
      document.body.replaceChildren(video);
      video.muted = true;
      const errors: number[] = [];
      const player = new shaka.Player();
      player.addEventListener('error', ({ detail }) => errors.push(detail.code));
      await player.attach(video);
      player.configure({ abr: { enabled: false }, streaming: { lowLatencyMode: true } });
      await player.load(url);
      await video.play();
      const advance = async (seconds: number): Promise<number> => {
        const from = video.currentTime;
        const until = performance.now() + 15_000;
        while (video.currentTime < from + seconds && performance.now() < until) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return video.currentTime - from;
      };
      const rungs: { height: number; shown: number; seconds: number }[] = [];
      for (const track of player.getVariantTracks()) {
        player.selectVariantTrack(track, true);
        const seconds = await advance(4);
        rungs.push({ height: track.height, shown: video.videoHeight, seconds });
      }
      const live = player.isLive();
      await player.destroy();
      return { rungs, errors, live };
    }, channel.playlistUrl);
    expect(played.errors).to.deep.equal([]);
    expect(played.live).to.equal(true);
    expect(played.rungs.map(({ height, shown }) => [height, shown]).sort()).to.deep.equal([
      [234, 234],
      [360, 360],
    ]);
    for (const { seconds } of played.rungs) expect(seconds).to.be.at.least(4);
  });
});
