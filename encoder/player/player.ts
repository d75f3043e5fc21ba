/** The player page: reads the channel from the address, plays it, and shows what is measured. */
import { CHANNEL_PATTERN, multivariantPath } from '../contract/keys';
import { DelayChart, POINT_MS } from './chart';
import { Session } from './session';
import { View } from './view';

const DEFAULT_CHANNEL = 'test';
const LONGEST_NAME_SHOWN = 64;

function start(): void {
  const channel = new URLSearchParams(location.search).get('channel') ?? DEFAULT_CHANNEL;
  const video = document.getElementById('video') as HTMLVideoElement;
  const chart = new DelayChart(document.getElementById('chart') as HTMLElement);
  const view = new View(channel.slice(0, LONGEST_NAME_SHOWN));

  if (!CHANNEL_PATTERN.test(channel)) {
    view.fail(
      'That is not a channel’s name',
      'A name has 1 to 63 of a–z, 0–9 and inner hyphens, for example /player/?channel=test.',
    );
    return;
  }

  const session = new Session(video, multivariantPath(channel), () =>
    view.render(session.stats(), session.choice),
  );
  window.mediaPlayer = session;
  const play = () =>
    void video.play().catch(() => {
      // Autoplay is forbidden here, or the element has no source yet: the page shows the play button.
    });
  view.connect({
    play,
    pause: () => video.pause(),
    toggleSound: () => (video.muted = !video.muted),
    setRung: (rung) => session.setRung(rung),
  });
  play();

  setInterval(() => {
    const stats = session.stats();
    chart.add(stats);
    if (document.hidden) return;
    view.render(stats, session.choice);
    chart.draw();
  }, POINT_MS);
}

start();
