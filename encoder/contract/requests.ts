/** How many requests a channel makes to its stores, by arithmetic: what tests count and what costs are made of. */
import { segmentSeconds, tickGrid, tickSeconds, type FrameRate, type Profile } from './grid';

/** A store renews its session with a directory bucket a minute before the end of its five. */
const SESSION_SECONDS = 240;
/** Init segments are put again each day. */
const INITS_A_DAY = 1;
/**
 * Looks for a bundle that is not there yet, a tick: an origin learns when bundles come. Computed and counted
 * (docs/s3-store.md); eight is the most.
 */
const EARLY_LOOKS = 0.8;

export interface ChannelRequests {
  readonly frameRate: FrameRate;
  readonly profile: Profile;
  /** Tracks of the ladder, sound included. */
  readonly renditions: number;
  /** Of them, those of which an origin is asked for parts. */
  readonly watched: number;
}

/** A number may have a fraction. */
export interface StoreRequests {
  readonly put: number;
  readonly get: number;
  readonly delete: number;
  /** CreateSession, of a directory bucket alone. */
  readonly session: number;
}

/** By the stores: `edge` holds the bundles, `general` everything else; without a zone's bucket both are one. */
export interface ByStore {
  readonly edge: StoreRequests;
  readonly general: StoreRequests;
}

/**
 * Requests in an hour of a channel that runs on, by the encoder and by one origin that follows it. Starts and ends are
 * not in it (docs/s3-store.md), nor whole segments and inits that an origin is asked for, each of which is one GET of the
 * general store.
 */
export function requestsPerHour({ frameRate, profile, renditions, watched }: ChannelRequests): {
  readonly encoder: ByStore;
  readonly origin: ByStore;
} {
  const grid = tickGrid(frameRate, profile);
  const ticks = 3600 / tickSeconds(grid);
  const segments = 3600 / segmentSeconds(grid);
  const session = 3600 / SESSION_SECONDS;
  const none: StoreRequests = { put: 0, get: 0, delete: 0, session: 0 };
  return {
    encoder: {
      // A bundle a tick, and each is deleted when it has left the playlist.
      edge: { ...none, put: ticks, delete: ticks, session },
      // A claim and its hint, and each rendition's whole segment.
      general: { ...none, put: segments * (2 + renditions) + (renditions * INITS_A_DAY) / 24 },
    },
    origin: {
      // The head, and the media once for all who ask.
      edge: { ...none, get: ticks * (1 + EARLY_LOOKS + (watched > 0 ? 1 : 0)), session },
      general: { ...none, get: segments },
    },
  };
}
