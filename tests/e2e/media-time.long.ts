/** 25 minutes of media at every rate, with sound at either: what would drift has drifted by then. */
import { expect } from 'chai';
import { AUDIO_SAMPLE_RATES, segmentSeconds } from '../../encoder/contract';
import { closeRigs } from '../encoder/origin/rig';
import { expectMediaTimeHolds, playMediaTime } from '../support/media-time';
import { recordLoop } from '../support/restamp';
import { RestampedChannel } from '../support/restamped-channel';

const MINUTES = 25;
const RATES = ['23.976', '25', '29.97', '30', '50', '59.94', '60'] as const;

describe('25 minutes of media time', function () {
  this.timeout(5 * 60_000);
  afterEach(closeRigs);

  for (const frameRate of RATES) {
    for (const audioSampleRate of AUDIO_SAMPLE_RATES) {
      it(`hold at ${frameRate} fps with sound at ${audioSampleRate / 1000} kHz`, async () => {
        const loop = await recordLoop({ frameRate, audioSampleRate, seconds: 20 });
        const channel = await RestampedChannel.begin({ loop });
        try {
          const result = await playMediaTime(channel, MINUTES * 60);
          expect(result.segments).to.equal(Math.ceil((MINUTES * 60) / segmentSeconds(loop.grid)));
          expectMediaTimeHolds(result, channel);
          console.log(
            `        ${result.segments} segments, ${result.versions} playlists linted, ${result.findings.length} findings; ` +
              `parts ${(100 * result.shortestPart).toFixed(1)} to ${(100 * result.longestPart).toFixed(1)} % of PART-TARGET; ` +
              `sound's EXTINF ${(1000 * result.extinfDrift['audio']!).toFixed(2)} ms from the picture's; ` +
              `dates ${result.dateSpreadMs} ms apart at most, ${result.dateErrorMs.toFixed(2)} ms from the capture`,
          );
        } finally {
          await channel.close();
        }
      });
    }
  }
});
