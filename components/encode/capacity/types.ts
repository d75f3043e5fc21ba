/** What the capacity model takes and gives. */
import type { FrameRate, Ladder } from '../../../encoder/contract';

export const NVENC_PRESETS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'] as const;
export type NvencPreset = (typeof NVENC_PRESETS)[number];

/** `ll`: low latency at a constant rate, which the runtime uses; `hq`: high quality at a variable rate. */
export const NVENC_TUNINGS = ['ll', 'hq'] as const;
export type NvencTuning = (typeof NVENC_TUNINGS)[number];

/** How tasks get an address: the host's (the fleet's way), or a network interface of their own. */
export const TASK_NETWORKS = ['host', 'awsvpc', 'awsvpc-trunking'] as const;
export type TaskNetwork = (typeof TASK_NETWORKS)[number];

/**
 * How well a figure is known: `published` by its maker, `derived` from published figures by arithmetic,
 * `assumed` by us.
 */
export type Confidence = 'published' | 'derived' | 'assumed';

/** What comes in over SRT, to be decoded. */
export interface Contribution {
  readonly codec: 'h264' | 'hevc' | 'av1';
  readonly bitDepth: 8 | 10;
  readonly width: number;
  readonly height: number;
  /** kbit/s. */
  readonly bitrateKbps: number;
}

/** One channel, as far as it loads a machine. */
export interface ChannelLoad {
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  /** @default p3, which the runtime uses */
  readonly preset?: NvencPreset;
  /** @default ll, which the runtime uses */
  readonly tuning?: NvencTuning;
  /**
   * The part of the published rates that is planned with, above 0 and at most 1. It stands for what is not
   * published: the cost of 10 bits and of high bit rates, adaptive quantisation, several sessions on one engine.
   * @default 0.7, an assumption
   */
  readonly margin?: number;
  /**
   * HEVC and AV1 pictures are divided among the engines of a GPU (Ada and later). The runtime does not ask for it.
   * @default false
   */
  readonly splitFrame?: boolean;
  /** @default the ladder's largest rung, as HEVC of its bit depth and bit rate */
  readonly contribution?: Contribution;
  /** @default host */
  readonly taskNetwork?: TaskNetwork;
}

/** What a channel takes a share of. */
export const RESOURCES = ['nvenc', 'nvdec', 'gpuMemory', 'vcpu', 'memory', 'network', 'eni'] as const;
export type Resource = (typeof RESOURCES)[number];

export type RefusalCode =
  | 'codec'
  | 'session-exceeds-engine'
  | 'channel-exceeds-instance'
  | 'several-gpus'
  | 'fractional-gpu'
  | 'no-nvenc'
  | 'unknown-rate';

/** Why an instance type cannot carry the channel. */
export interface Refusal {
  readonly code: RefusalCode;
  /** What is wrong, and what to do instead. */
  readonly message: string;
}

/** One channel on one instance type. */
export interface Placement {
  readonly instanceType: string;
  /** The largest of `shares`: 0.5 is half of the instance. Above 1, or Infinity where unknown, it is refused. */
  readonly share: number;
  /**
   * ECS CPU units (1,024 a vCPU) for the container to reserve: `share` of what the instance registers. Channels
   * whose units fit the instance never ask more of its GPU than `margin` of its rate, whatever their ladders.
   * 0 where refused.
   */
  readonly cpuUnits: number;
  /** MiB for the container to reserve. An assumption. */
  readonly memoryMiB: number;
  /** Channels like this one that fit; 0 where refused. */
  readonly channelsPerGpu: number;
  /** Which of the shares is the largest. */
  readonly binding: Resource;
  readonly shares: Readonly<Record<Resource, number>>;
  /** How well the binding share is known. */
  readonly confidence: Confidence;
  /** Empty where the instance type can carry the channel. */
  readonly refusals: readonly Refusal[];
  /** What is assumed, interpolated or unknown in these figures, a sentence each. */
  readonly notes: readonly string[];
}
