/** What the packager, and through it the playlists, are told of a ladder's tracks. */
import type { Ladder } from '../contract';
import type { TrackSpec } from '../packager/packager';

/** MP4 boxes around each frame, as measured: 104 bytes of moof, 8 of mdat. */
const BOX_BYTES_PER_FRAME = 112;

/**
 * Bit rates in bit/s, with the boxes of the most frames a second that a grid allows. The peak of a segment is
 * above the cap by what the encoder's buffer may hold over, and the peak of sound above its average.
 */
export function trackSpecs(ladder: Ladder): TrackSpec[] {
  const boxBits = (framesPerSecond: number) => BOX_BYTES_PER_FRAME * 8 * framesPerSecond;
  return [
    ...ladder.video.map((rung) => ({
      id: rung.id,
      kind: 'video' as const,
      peakBitrate: rung.maxrateKbps * 1100 + boxBits(60),
      averageBitrate: rung.bitrateKbps * 1000 + boxBits(60),
    })),
    ...ladder.audio.map((rung) => ({
      id: rung.id,
      kind: 'audio' as const,
      peakBitrate: rung.bitrateKbps * 1250 + boxBits(47),
      averageBitrate: rung.bitrateKbps * 1000 + boxBits(47),
      language: rung.language,
      name: rung.name,
    })),
  ];
}
