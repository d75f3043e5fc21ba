/** Debian's Chromium, without a window. */
import { chromium, type Browser, type Page } from 'playwright-core';
import type { MediaPlayer, PlayerStats } from '../../encoder/player/api';

/** The page's global object, as the functions that run there see it. */
export interface PlayerWindow {
  readonly mediaPlayer?: MediaPlayer;
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: ['--autoplay-policy=no-user-gesture-required', '--no-sandbox', '--mute-audio'],
  });
}

export const stats = (page: Page): Promise<PlayerStats> =>
  page.evaluate(() => (globalThis as unknown as PlayerWindow).mediaPlayer!.stats());

export async function openPlayer(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => {
    const { mediaPlayer } = globalThis as unknown as PlayerWindow;
    return mediaPlayer?.stats().state === 'playing' && mediaPlayer.samples.length > 0;
  });
  return page;
}
