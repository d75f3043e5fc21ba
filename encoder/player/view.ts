/** Puts a session's figures on the page. Text goes in as text only: the channel's name comes from the URL. */
import type { PlayerState, PlayerStats, Rung } from './api';

export interface ViewActions {
  play(): void;
  pause(): void;
  toggleSound(): void;
  setRung(rung: number | 'auto'): void;
}

interface Message {
  readonly title: string;
  readonly text: string;
  readonly busy?: boolean;
  readonly link?: { readonly text: string; readonly href: string };
}

const STATE_TEXT: Readonly<Record<PlayerState, string>> = {
  connecting: 'Connecting',
  playing: 'Live',
  paused: 'Paused',
  stalled: 'Stalled',
  'not-found': 'Not found',
  ended: 'Ended',
  failed: 'Cannot play',
};

/** A clock that is ahead of the encoder's shows a delay shorter than the distance to the live edge. */
const CLOCKS_DIFFER_MS = 250;

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}

function setText(id: string, text: string): void {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

export class View {
  readonly #video = byId('video') as HTMLVideoElement;
  readonly #channel: string;
  #actions: ViewActions | undefined;
  #rungsShown = '';
  #messageShown: string | undefined;

  constructor(channel: string) {
    this.#channel = channel;
    setText('channel', channel);
    document.title = `${channel} · Live player`;
    for (const type of ['play', 'pause', 'volumechange']) {
      this.#video.addEventListener(type, () => this.#buttons());
    }
    this.#buttons();
  }

  connect(actions: ViewActions): void {
    this.#actions = actions;
    byId('play').addEventListener('click', () => (this.#video.paused ? actions.play() : actions.pause()));
    byId('sound').addEventListener('click', () => actions.toggleSound());
  }

  render(stats: PlayerStats, choice: number | 'auto'): void {
    this.#state(stats.state);
    this.#message(messageFor(stats, this.#channel));
    this.#delay(stats);
    this.#rungs(stats.rungs, choice);
    setText('rung', stats.rung?.name ?? '–');
    setText('bitrate', stats.rung ? bitrate(stats.rung) : '–');
    const begun = stats.rung !== null || stats.currentTime > 0;
    setText('buffer', begun ? seconds(stats.bufferMs) : '–');
    setText(
      'stalls',
      stats.stalls === 0 ? '0' : `${stats.stalls} · ${(stats.stalledMs / 1000).toFixed(1)} s`,
    );
    setText('parts', begun ? `${stats.partsPerSecond.toFixed(1)} a second` : '–');
    setText('speed', begun ? `${stats.playbackRate.toFixed(2)}×` : '–');
    setText('dropped', String(stats.droppedFrames));
    setText('protocol', protocolName(stats.protocol));
  }

  /** The page cannot start at all. */
  fail(title: string, text: string): void {
    this.#state('failed');
    this.#message({ title, text, link: { text: 'Open the channel “test”', href: '?channel=test' } });
    setText('delay-note', 'Nothing to measure');
  }

  #state(state: PlayerState): void {
    byId('state').dataset['state'] = state;
    const idle = state === 'failed' || state === 'not-found' || state === 'ended';
    for (const id of ['play', 'sound']) (byId(id) as HTMLButtonElement).disabled = idle;
    setText('state-text', STATE_TEXT[state]);
  }

  #buttons(): void {
    this.#toggle('play', !this.#video.paused, this.#video.paused ? 'Play' : 'Pause');
    this.#toggle('sound', !this.#video.muted, this.#video.muted ? 'Unmute' : 'Mute');
  }

  #toggle(id: string, on: boolean, label: string): void {
    const button = byId(id);
    button.dataset['on'] = String(on);
    button.setAttribute('aria-label', label);
    button.title = label;
  }

  #delay(stats: PlayerStats): void {
    const noClock = stats.clock === 'absent';
    const running = stats.state === 'playing' || stats.state === 'stalled';
    const hero = noClock ? stats.estimateMs : stats.glassToGlassMs;
    byId('key-measured').hidden = noClock;
    setText('delay-title', noClock ? 'Behind the live edge' : 'Glass to glass');
    this.#hero(running ? hero : null);
    setText('delay-note', noteFor(stats));
    setText('p95', noClock ? 'not measured' : seconds(stats.p95Ms));
    setText('estimate', running ? seconds(stats.estimateMs) : '–');
    setText('target', seconds(stats.targetLatencyMs));
  }

  #hero(ms: number | null): void {
    byId('hero').dataset['empty'] = String(ms === null);
    setText('delay', number(ms));
  }

  #rungs(rungs: readonly Rung[], choice: number | 'auto'): void {
    const shown = rungs.map((rung) => rung.name).join('|');
    const group = byId('rungs');
    if (shown !== this.#rungsShown) {
      this.#rungsShown = shown;
      group.replaceChildren(
        this.#rungButton('auto', 'Auto', 'The player chooses'),
        ...[...rungs]
          .reverse()
          .map((rung) =>
            this.#rungButton(rung.index, rung.name, `${rung.width}×${rung.height}, ${bitrate(rung)}`),
          ),
      );
    }
    for (const button of group.children) {
      button.setAttribute('aria-pressed', String((button as HTMLElement).dataset['rung'] === String(choice)));
    }
  }

  #rungButton(rung: number | 'auto', name: string, title: string): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.dataset['rung'] = String(rung);
    button.textContent = name;
    button.title = title;
    button.addEventListener('click', () => this.#actions?.setRung(rung));
    return button;
  }

  #message(message: Message | undefined): void {
    const shown = JSON.stringify(message);
    if (shown === this.#messageShown) return;
    this.#messageShown = shown;
    byId('message').hidden = message === undefined;
    if (!message) return;
    byId('message').dataset['busy'] = String(message.busy === true);
    byId('spinner').hidden = !message.busy;
    setText('message-title', message.title);
    setText('message-text', message.text);
    byId('message-action').hidden = !message.link;
    const link = byId('message-link') as HTMLAnchorElement;
    link.textContent = message.link?.text ?? '';
    if (message.link) link.href = message.link.href;
    else link.removeAttribute('href');
  }
}

function messageFor(stats: PlayerStats, channel: string): Message | undefined {
  switch (stats.state) {
    case 'playing':
      return undefined;
    case 'connecting':
      return { title: 'Connecting', text: `Opening the channel “${channel}”`, busy: true };
    case 'stalled':
      return {
        title: 'Waiting for media',
        text: 'Playback goes on by itself, at the live edge.',
        busy: true,
      };
    case 'paused':
      return { title: 'Paused', text: 'Press play to go on at the live edge.' };
    case 'ended':
      return {
        title: 'The stream has ended',
        text: `The channel “${channel}” has finished its programme.`,
        link: { text: 'Open it again', href: location.href },
      };
    case 'not-found':
      return {
        title: `No channel “${channel}”`,
        text:
          'The origin has nothing by that name. If the channel is about to start, stay: this page asks every ' +
          'two seconds. Otherwise check ?channel= in the address, and that the encoder runs (aws-media local up).',
        ...(channel === 'test' ? {} : { link: { text: 'Open the channel “test”', href: '?channel=test' } }),
      };
    case 'failed':
      return {
        title: 'This browser cannot play the stream',
        text: 'It needs Media Source Extensions, or HLS of its own, and H.264. A current browser has them.',
      };
  }
}

function noteFor(stats: PlayerStats): string {
  if (stats.state === 'not-found' || stats.state === 'failed' || stats.state === 'ended')
    return 'Nothing to measure';
  if (stats.state === 'paused') return 'Not measured while paused';
  if (stats.clock === 'absent') return 'No clock in the picture: this is the player’s estimate only';
  if (stats.glassToGlassMs === null) {
    return stats.clock === 'present' ? 'No new frame to measure' : 'Waiting for the clock in the picture';
  }
  if (stats.estimateMs !== null && stats.state === 'playing' && stats.playbackRate === 1) {
    if (stats.glassToGlassMs < stats.estimateMs - CLOCKS_DIFFER_MS) {
      return 'This device’s clock and the encoder’s differ: the figure is off by as much';
    }
  }
  return 'Measured from the clock in the picture';
}

const number = (ms: number | null): string => (ms === null ? '–' : (ms / 1000).toFixed(2));
const seconds = (ms: number | null): string => (ms === null ? '–' : `${number(ms)} s`);

const bitrate = (rung: Rung): string =>
  rung.bitrateKbps < 1000 ? `${rung.bitrateKbps} kbit/s` : `${(rung.bitrateKbps / 1000).toFixed(1)} Mbit/s`;

function protocolName(protocol: string): string {
  const names: Readonly<Record<string, string>> = { h2: 'HTTP/2', h3: 'HTTP/3', 'http/1.1': 'HTTP/1.1' };
  return names[protocol] ?? (protocol || '–');
}
