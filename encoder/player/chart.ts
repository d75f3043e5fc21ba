/** The plot of the last two minutes: measured delay, the player's estimate, stalls as bands. */
import uPlot from 'uplot';
import type { PlayerStats } from './api';

const WINDOW_SECONDS = 120;
/** One point for each 250 ms: a pixel or so on a phone, two on a desktop. */
export const POINT_MS = 250;
const POINTS = (WINDOW_SECONDS * 1000) / POINT_MS;

interface Point {
  readonly at: number;
  readonly measured: number | null;
  readonly estimate: number | null;
  readonly stalled: boolean;
}

export class DelayChart {
  readonly #root: HTMLElement;
  readonly #points: Point[] = [];
  #plot: uPlot | undefined;
  #width = 0;
  #height = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
    new ResizeObserver(() => this.#resize()).observe(root);
    // Colours come from the style sheet, and a canvas does not follow it by itself.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
  }

  add(stats: PlayerStats): void {
    this.#points.push({
      at: performance.now() / 1000,
      measured: seconds(stats.glassToGlassMs),
      // While nothing plays the estimate only counts the time; drawn, it would flatten everything else.
      estimate: stats.state === 'playing' ? seconds(stats.estimateMs) : null,
      stalled: stats.state === 'stalled',
    });
    if (this.#points.length > POINTS + 4) this.#points.shift();
  }

  draw(): void {
    if (document.hidden || !this.#plot) return;
    this.#plot.setData(this.#data(), true);
  }

  #data(): uPlot.AlignedData {
    const now = performance.now() / 1000;
    return [
      this.#points.map((point) => point.at - now),
      this.#points.map((point) => point.measured),
      this.#points.map((point) => point.estimate),
    ];
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#root;
    if (width === 0 || (width === this.#width && height === this.#height)) return;
    this.#width = width;
    this.#height = height;
    if (this.#plot) this.#plot.setSize({ width, height });
    else this.#rebuild();
  }

  #rebuild(): void {
    if (this.#width === 0) return;
    this.#plot?.destroy();
    const style = getComputedStyle(this.#root);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = '12px system-ui, sans-serif';
    const line = { stroke: colour('--faint'), width: 1 };
    const axis = { stroke: colour('--muted'), font, grid: line, ticks: { show: false } };
    this.#plot = new uPlot(
      {
        width: this.#width,
        height: this.#height,
        padding: [8, 22, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [-WINDOW_SECONDS, 0] },
          y: { range: (_, __, most) => [0, Math.max(2, Math.ceil((most ?? 0) * 1.15 * 2) / 2)] },
        },
        axes: [
          {
            ...axis,
            size: 34,
            gap: 10,
            grid: { show: false },
            splits: [-120, -90, -60, -30, 0],
            values: agoLabels,
          },
          { ...axis, size: 46, splits: ticks, values: (_, splits) => splits.map((value) => `${value} s`) },
        ],
        series: [
          {},
          { stroke: colour('--accent'), width: 2, points: { show: false } },
          { stroke: colour('--muted'), width: 1.25, dash: [5, 4], points: { show: false } },
        ],
        hooks: { drawClear: [(plot) => this.#bands(plot, colour('--band'))] },
      },
      this.#data(),
      this.#root,
    );
  }

  #bands(plot: uPlot, colour: string): void {
    const now = performance.now() / 1000;
    const { top, height, left } = plot.bbox;
    plot.ctx.fillStyle = colour;
    for (const point of this.#points) {
      if (!point.stalled) continue;
      const from = Math.max(left, plot.valToPos(point.at - now - POINT_MS / 1000, 'x', true));
      const to = plot.valToPos(point.at - now, 'x', true);
      if (to > left) plot.ctx.fillRect(from, top, to - from, height);
    }
  }
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

const agoLabels = (_: uPlot, splits: number[]): string[] =>
  splits.map((value) => (value === 0 ? 'now' : `−${-value} s`));

/** Whole seconds while there are few of them. */
function ticks(_: uPlot, __: number, low: number, high: number): number[] {
  const step = [0.5, 1, 2, 5, 10, 30, 60].find((size) => (high - low) / size <= 6) ?? 120;
  const values: number[] = [];
  for (let value = low; value <= high + 1e-9; value += step) values.push(value);
  return values;
}
