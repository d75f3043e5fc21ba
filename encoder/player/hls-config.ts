/** How hls.js is set up for playback about a second behind the live edge, and why. */
import type { HlsConfig, LoadPolicy } from 'hls.js';

/**
 * Every failure is worth another try: an origin that restarts refuses connections (status 0), a cache in
 * front of it may answer 404 or 5xx for a moment. hls.js alone retries neither status 0 nor 4xx.
 * The delay starts small and doubles up to about half a second. Each page draws its own, because viewers
 * who lost the same origin at the same time must not come back at the same time.
 */
function policy(
  times: { firstByteMs: number; wholeMs: number; retries: number },
  random: () => number,
): LoadPolicy {
  const retry = {
    maxNumRetry: times.retries,
    retryDelayMs: 80 + 80 * random(),
    maxRetryDelayMs: 400 + 200 * random(),
    backoff: 'exponential',
    shouldRetry: (config: { maxNumRetry: number } | null | undefined, count: number) =>
      config !== null && config !== undefined && count < config.maxNumRetry,
  } as const;
  return {
    default: {
      maxTimeToFirstByteMs: times.firstByteMs,
      maxLoadTimeMs: times.wholeMs,
      timeoutRetry: retry,
      errorRetry: retry,
    },
  };
}

export function hlsConfig(debug = false, random: () => number = Math.random): Partial<HlsConfig> {
  return {
    debug,
    lowLatencyMode: true,
    // The target is PART-HOLD-BACK of the playlist. These two are off because catch-up.ts does both.
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,

    // A live page never seeks back: a few seconds behind the playhead are enough, and memory stays flat.
    backBufferLength: 8,
    maxBufferLength: 8,
    maxMaxBufferLength: 12,
    // Otherwise MediaSource.duration is written at each playlist, three times a second.
    liveDurationInfinity: true,
    // Audio is cut on AAC frames, so parts of audio and video meet within one of them (21 ms).
    maxBufferHole: 0.1,
    nudgeMaxRetry: 8,
    // The stall watch of hls.js, for its own repairs; the page's counter is stalls.ts.
    detectStallWithCurrentTimeMs: 500,
    highBufferWatchdogPeriod: 1,

    // CMAF goes to the decoder as it is; a worker would add a hop and have nothing to do.
    enableWorker: false,

    // No test download that would delay the first picture: playback.ts starts on the playlist's first rung.
    testBandwidth: false,
    abrEwmaDefaultEstimate: 2_000_000,
    // A rung that failed is tried again, and a rung that the viewer chose is not given up.
    errorPenaltyExpireMs: 5_000,
    preserveManualLevelOnError: true,

    // The page has no captions or interstitials.
    enableWebVTT: false,
    enableIMSC1: false,
    enableCEA708Captions: false,
    enableInterstitialPlayback: false,

    manifestLoadPolicy: policy({ firstByteMs: 5_000, wholeMs: 8_000, retries: 0 }, random),
    // hls.js lowers the first byte's limit of a blocking request to 0.8 target durations by itself.
    playlistLoadPolicy: policy({ firstByteMs: 6_000, wholeMs: 8_000, retries: 12 }, random),
    fragLoadPolicy: policy({ firstByteMs: 4_000, wholeMs: 12_000, retries: 8 }, random),
  };
}
