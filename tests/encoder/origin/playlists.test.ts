import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import * as HLS from 'hls-parser';
import { Parser } from 'm3u8-parser';
import {
  AAC_FRAME_SAMPLES,
  partsPerSegment,
  tickGrid,
  type FrameRate,
  type Profile,
} from '../../../encoder/contract';
import { lintPlaylists, type Snapshot } from '../../../encoder/lint';
import { SMALL_GRID, SyntheticChannel, type SyntheticChannelOptions } from '../../support/channel';
import { modelOf, secondsOf, timeOf, type Model } from './model';
import { closeRigs, hintOf, newestPartOf, partsOf, segmentsOf, startRig, tagOf, type Answer } from './rig';

// Its remarks are opinions of its own: it counts segments where the draft counts seconds.
HLS.setOptions({ silent: true });

const RENDITIONS = ['720p', '360p', 'audio'];
const HEAD = [
  '#EXTM3U',
  '#EXT-X-VERSION:6',
  '#EXT-X-TARGETDURATION:1',
  '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.64002,HOLD-BACK=3.00000,CAN-SKIP-UNTIL=6.00000',
  '#EXT-X-PART-INF:PART-TARGET=0.21334',
];
const text = (...lines: string[]): string => `${lines.join('\n')}\n`;

/** One answer of an origin that has just been started. */
async function ask(channel: SyntheticChannel, path: string, windowSeconds = 4): Promise<Answer> {
  const rig = await startRig({ stores: channel.stores, windowSeconds });
  try {
    return await rig.ask(`/live/${channel.id}/${path}`);
  } finally {
    await rig.close();
  }
}

async function playlist(channel: SyntheticChannel, path: string, windowSeconds?: number): Promise<string> {
  const answer = await ask(channel, path, windowSeconds);
  expect(answer.status, answer.text).to.equal(200);
  return answer.text;
}

const small = (options: SyntheticChannelOptions = {}) =>
  SyntheticChannel.begin({ grid: SMALL_GRID, ...options });

/** What two parsers that are not ours make of a media playlist, against our own reading of it. */
function expectParsersAgree(full: string): void {
  const model = modelOf(full);
  const media = HLS.parse(full) as HLS.types.MediaPlaylist;
  const parser = new Parser();
  parser.push(full);
  parser.end();
  const { manifest } = parser;
  const complete = model.segments.filter(({ uri }) => uri !== undefined);
  expect(media.isMasterPlaylist).to.equal(false);
  const segments = media.segments.filter(({ uri, parts }) => uri || parts.some(({ hint }) => !hint));
  expect(segments.map(({ mediaSequenceNumber }) => mediaSequenceNumber)).to.deep.equal(
    model.segments.map(({ msn }) => msn),
  );
  // hls-parser counts no discontinuity before an open segment.
  expect(
    segments.filter(({ uri }) => uri).map(({ discontinuitySequence }) => discontinuitySequence),
  ).to.deep.equal(complete.map(({ generation }) => generation));
  expect(segments.map(({ programDateTime }) => programDateTime?.toISOString())).to.deep.equal(
    model.segments.map(({ time }) => time),
  );
  expect(segments.map(({ parts }) => parts.filter(({ hint }) => !hint).length)).to.deep.equal(
    model.segments.map(({ parts }) => parts.length),
  );
  expect(media.endlist).to.equal(full.includes('#EXT-X-ENDLIST'));
  expect(media.renditionReports.map(({ uri }) => uri)).to.have.lengthOf(media.endlist ? 0 : 2);
  expect(media.lowLatencyCompatibility?.canBlockReload).to.equal(true);

  expect(manifest.mediaSequence).to.equal(model.segments[0]!.msn);
  expect(manifest.targetDuration).to.equal(Number(tagOf(full, 'EXT-X-TARGETDURATION')));
  expect(manifest.segments.map(({ uri }) => uri)).to.deep.equal(complete.map(({ uri }) => uri));
  expect(manifest.segments.map(({ timeline }) => timeline)).to.deep.equal(
    complete.map(({ generation }) => generation),
  );
  expect(manifest.segments.map(({ programDateTime }) => programDateTime)).to.deep.equal(complete.map(timeOf));
  expect(manifest.endList ?? false).to.equal(media.endlist);
  expect(manifest.preloadSegment?.preloadHints?.[0]?.uri).to.equal(hintOf(full));
  const parts = [...manifest.segments, ...(manifest.preloadSegment ? [manifest.preloadSegment] : [])].flatMap(
    (segment) => segment.parts ?? [],
  );
  expect(parts.map(({ uri }) => uri)).to.deep.equal(partsOf(full));
}

describe('playlists of the origin', () => {
  afterEach(closeRigs);

  describe('golden texts', () => {
    it('writes a multivariant playlist with each video rung and the audio group', async () => {
      const channel = await small();
      await channel.tick();
      const multivariant = await playlist(channel, 'index.m3u8');
      expect(multivariant).to.equal(
        text(
          '#EXTM3U',
          '#EXT-X-VERSION:6',
          '#EXT-X-INDEPENDENT-SEGMENTS',
          '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"',
          '#EXT-X-STREAM-INF:BANDWIDTH=3400000,AVERAGE-BANDWIDTH=3096000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio",CLOSED-CAPTIONS=NONE',
          '720p.m3u8',
          '#EXT-X-STREAM-INF:BANDWIDTH=1090000,AVERAGE-BANDWIDTH=996000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000,AUDIO="audio",CLOSED-CAPTIONS=NONE',
          '360p.m3u8',
        ),
      );
      const parsed = HLS.parse(multivariant) as HLS.types.MasterPlaylist;
      expect(
        parsed.variants.map(({ uri, bandwidth, audio }) => [uri, bandwidth, audio[0]!.uri]),
      ).to.deep.equal([
        ['720p.m3u8', 3_400_000, 'audio.m3u8'],
        ['360p.m3u8', 1_090_000, 'audio.m3u8'],
      ]);
      const parser = new Parser();
      parser.push(multivariant);
      parser.end();
      expect(parser.manifest.playlists!.map(({ uri }) => uri)).to.deep.equal(['720p.m3u8', '360p.m3u8']);
      expect(parser.manifest.mediaGroups!['AUDIO']!['audio']!['English']!.uri).to.equal('audio.m3u8');
    });

    it('writes a media playlist with an open segment, its hint and the reports', async () => {
      const channel = await small();
      await channel.tick(6);
      const media = await playlist(channel, '720p.m3u8');
      expect(media).to.equal(
        text(
          ...HEAD,
          '#EXT-X-MEDIA-SEQUENCE:850000000',
          '#EXT-X-DISCONTINUITY-SEQUENCE:0',
          `#EXT-X-MAP:URI="i/720p/${channel.init('720p').hash}.mp4"`,
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.1.m4s"',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.2.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.3.m4s"',
          '#EXTINF:0.80000,',
          's/720p/850000000.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.800Z',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000001.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000001.1.m4s"',
          '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/720p/850000001.2.m4s"',
          '#EXT-X-RENDITION-REPORT:URI="360p.m3u8",LAST-MSN=850000001,LAST-PART=1',
          '#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=850000001,LAST-PART=1',
        ),
      );
      expectParsersAgree(media);
    });

    it('writes an audio playlist with the same parts, cut at AAC frames', async () => {
      const channel = await small();
      await channel.tick(5);
      const media = await playlist(channel, 'audio.m3u8');
      expect(media).to.equal(
        text(
          ...HEAD,
          '#EXT-X-MEDIA-SEQUENCE:850000000',
          '#EXT-X-DISCONTINUITY-SEQUENCE:0',
          `#EXT-X-MAP:URI="i/audio/${channel.init('audio').hash}.mp4"`,
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z',
          '#EXT-X-PART:DURATION=0.19200,URI="p/audio/850000000.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.19200,URI="p/audio/850000000.1.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.21333,URI="p/audio/850000000.2.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.19200,URI="p/audio/850000000.3.m4s",INDEPENDENT=YES',
          '#EXTINF:0.78933,',
          's/audio/850000000.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.789Z',
          '#EXT-X-PART:DURATION=0.19200,URI="p/audio/850000001.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/audio/850000001.1.m4s"',
          '#EXT-X-RENDITION-REPORT:URI="720p.m3u8",LAST-MSN=850000001,LAST-PART=0',
          '#EXT-X-RENDITION-REPORT:URI="360p.m3u8",LAST-MSN=850000001,LAST-PART=0',
        ),
      );
      expectParsersAgree(media);
    });

    it('writes a delta update that skips what is older than six target durations', async () => {
      const channel = await small();
      await channel.tick(4 * 20 + 1);
      const delta = await playlist(channel, '720p.m3u8?_HLS_skip=YES', 12);
      // 16 segments of 0.8 s in the window (one open); the newest complete ones that reach over 6 s are eight.
      expect(delta.split('#EXT-X-PART:')[0]).to.equal(
        text(
          HEAD[0]!,
          '#EXT-X-VERSION:9',
          ...HEAD.slice(2),
          '#EXT-X-MEDIA-SEQUENCE:850000005',
          '#EXT-X-DISCONTINUITY-SEQUENCE:0',
          '#EXT-X-SKIP:SKIPPED-SEGMENTS=7',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:29.600Z',
          '#EXTINF:0.80000,',
          's/720p/850000012.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:30.400Z',
          '#EXTINF:0.80000,',
          's/720p/850000013.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:31.200Z',
          '#EXTINF:0.80000,',
          's/720p/850000014.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:32.000Z',
          '#EXTINF:0.80000,',
          's/720p/850000015.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:32.800Z',
        ),
      );
      const parsed = HLS.parse(delta) as HLS.types.MediaPlaylist;
      expect(parsed.skip).to.equal(7);
      expect(parsed.segments[0]!.mediaSequenceNumber).to.equal(850_000_012);
      expect(
        await playlist(channel, '720p.m3u8?_HLS_skip=v2', 12),
        'v2 differs only where there are date ranges',
      ).to.equal(delta);
    });

    it('writes the full playlist where there is nothing to skip', async () => {
      const channel = await small();
      await channel.tick(20);
      expect(await playlist(channel, '720p.m3u8?_HLS_skip=YES', 12)).to.equal(
        await playlist(channel, '720p.m3u8', 12),
      );
    });

    it('writes a segment that was ended early, a gap and a discontinuity where a writer was replaced', async () => {
      const channel = await small();
      await channel.tick(2);
      await channel.replaceWriter();
      await channel.tick();
      const media = await playlist(channel, '720p.m3u8');
      expect(media).to.equal(
        text(
          ...HEAD,
          '#EXT-X-MEDIA-SEQUENCE:850000000',
          '#EXT-X-DISCONTINUITY-SEQUENCE:0',
          `#EXT-X-MAP:URI="i/720p/${channel.init('720p').hash}.mp4"`,
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000000.1.m4s"',
          '#EXTINF:0.40000,',
          's/720p/850000000.m4s',
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.400Z',
          '#EXT-X-GAP',
          '#EXTINF:0.80000,',
          's/720p/850000001.m4s',
          '#EXT-X-DISCONTINUITY',
          `#EXT-X-MAP:URI="i/720p/${channel.init('720p').hash}.mp4"`,
          '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.300Z',
          '#EXT-X-PART:DURATION=0.20000,URI="p/720p/850000002.0.m4s",INDEPENDENT=YES',
          '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/720p/850000002.1.m4s"',
          '#EXT-X-RENDITION-REPORT:URI="360p.m3u8",LAST-MSN=850000002,LAST-PART=0',
          '#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=850000002,LAST-PART=0',
        ),
      );
      expectParsersAgree(media);
      const gap = (HLS.parse(media) as HLS.types.MediaPlaylist).segments[1]!;
      expect(gap.gap).to.equal(true);
      expect((await ask(channel, '720p/850000001.m4s')).status).to.equal(404);
    });

    it('writes ENDLIST after a last segment that is short, without hint and reports', async () => {
      const channel = await small();
      await channel.tick(6);
      await channel.end({ final: true });
      const media = await playlist(channel, 'audio.m3u8');
      expect(media.split('\n').slice(-8)).to.deep.equal([
        's/audio/850000000.m4s',
        '#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.789Z',
        '#EXT-X-PART:DURATION=0.19200,URI="p/audio/850000001.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.21333,URI="p/audio/850000001.1.m4s",INDEPENDENT=YES',
        '#EXTINF:0.40533,',
        's/audio/850000001.m4s',
        '#EXT-X-ENDLIST',
        '',
      ]);
      expectParsersAgree(media);
    });

    it('writes ENDLIST after a whole segment, though the next one had been claimed ahead', async () => {
      const channel = await small();
      await channel.tick(4);
      await channel.end({ final: true });
      const media = await playlist(channel, '360p.m3u8');
      expect(media.split('\n').slice(-4)).to.deep.equal([
        '#EXTINF:0.80000,',
        's/360p/850000000.m4s',
        '#EXT-X-ENDLIST',
        '',
      ]);
      expectParsersAgree(media);
    });
  });

  describe('over time', () => {
    it('lists exactly the window, and numbers what has left it', async () => {
      const channel = await SyntheticChannel.begin();
      await channel.tick(12 * 18);
      for (const [window, segments] of [
        [4, 7],
        [28, 7],
        [28.1, 8],
        [60, 15],
        [600, 18],
      ] as const) {
        const media = await playlist(channel, '720p.m3u8', window);
        expect(segmentsOf(media), `a window of ${window} s`).to.have.lengthOf(segments);
        expect(tagOf(media, 'EXT-X-MEDIA-SEQUENCE')).to.equal(String(850_000_018 - segments));
      }
    });

    it('counts a discontinuity that has left the window in DISCONTINUITY-SEQUENCE', async () => {
      const channel = await small();
      await channel.tick(4);
      await channel.discontinue();
      // The gap that the writer had claimed ahead is of the generation before.
      const newGeneration = 850_000_002;
      const sequences = new Set<string>();
      for (let segment = 0; segment < 10; segment++) {
        await channel.tick(4);
        const media = await playlist(channel, '720p.m3u8');
        expectParsersAgree(media);
        const left = modelOf(media).segments[0]!.msn >= newGeneration;
        expect(tagOf(media, 'EXT-X-DISCONTINUITY-SEQUENCE')).to.equal(left ? '1' : '0');
        expect(media.split('#EXT-X-DISCONTINUITY\n')).to.have.lengthOf(left ? 1 : 2);
        expect(modelOf(media).segments.at(-1)!.generation).to.equal(1);
        sequences.add(tagOf(media, 'EXT-X-DISCONTINUITY-SEQUENCE')!);
      }
      expect([...sequences]).to.deep.equal(['0', '1']);
    });

    it('lists parts for three target durations, and still serves them afterwards', async () => {
      const channel = await small();
      await channel.tick(4 * 6 + 1);
      const media = await playlist(channel, '720p.m3u8');
      const model = modelOf(media);
      // Segments end 0.2, 1.0, 1.8, 2.6 and 3.4 s before the newest part's end.
      expect(model.segments.map(({ parts }) => parts.length)).to.deep.equal([0, 0, 4, 4, 4, 4, 1]);
      const rig = await startRig({ stores: channel.stores, windowSeconds: 4 });
      for (const rendition of RENDITIONS) {
        for (const { msn, part } of channel.ticks) {
          const answer = await rig.ask(`/live/news/p/${rendition}/${msn}.${part}.m4s`);
          expect(answer.status, `${rendition} ${msn}.${part}`).to.equal(200);
          expect(
            answer.body.equals(channel.part(rendition, msn, part)),
            `${rendition} ${msn}.${part}`,
          ).to.equal(true);
        }
        for (let msn = 850_000_000; msn < 850_000_006; msn++) {
          const answer = await rig.ask(`/live/news/s/${rendition}/${msn}.m4s`);
          expect(answer.body.equals(channel.segment(rendition, msn)), `${rendition} ${msn}`).to.equal(true);
        }
        const init = channel.init(rendition);
        expect((await rig.ask(`/live/news/i/${rendition}/${init.hash}.mp4`)).text).to.equal(
          init.bytes.toString(),
        );
      }
      await rig.close();
    });

    it('gives a gap its true length in every rendition, in the window and for the age of parts', async () => {
      const channel = await small();
      await channel.tick(4 * 3);
      await channel.replaceWriter();
      await channel.tick(4 * 2 + 2);
      // Two segments and two parts (2.0 s) and a gap of 0.8 s are less than three target durations.
      const model = modelOf(await playlist(channel, '720p.m3u8'));
      expect(model.segments.map(({ parts, gap }) => (gap ? 'gap' : parts.length))).to.deep.equal([
        0,
        0,
        4,
        'gap',
        4,
        4,
        2,
      ]);
      expect(secondsOf(model.segments[3]!)).to.equal(0.8);
      // Ten segments of 0.8 s reach over 7.3 s, the gap among them.
      await channel.tick(2 + 4 * 5);
      const window = modelOf(await playlist(channel, '720p.m3u8', 7.3));
      expect(window.segments.filter(({ uri }) => uri)).to.have.lengthOf(10);
      expect(window.segments.findIndex(({ gap }) => gap)).to.equal(1);
    });

    it('shows the same to all after a programme whose successor lost its first writer before its first part', async () => {
      const channel = await small();
      await channel.tick(6);
      await channel.end({ final: true });
      const rig = await startRig({ stores: channel.stores, windowSeconds: 4 });
      const following = () => rig.ask('/live/news/720p.m3u8').then((answer) => answer.text);
      expect(await following()).to.include('#EXT-X-ENDLIST');
      // Two writers: the first one dies before its first tick.
      await channel.replaceWriter();
      await channel.replaceWriter();
      await channel.tick(2);
      const fresh = await playlist(channel, '720p.m3u8');
      expect(modelOf(fresh).segments.map(({ gap, parts }) => (gap ? 'gap' : parts.length))).to.deep.equal([
        2,
      ]);
      while ((await following()) !== fresh) {
        expect(rig.origin.followed).to.equal(1);
        await delay(10);
      }
    });

    it('shows nothing of an ended programme once the next one has a part', async () => {
      const channel = await small();
      await channel.tick(6);
      await channel.end({ final: true });
      await channel.replaceWriter();
      await channel.tick(1);
      const media = await playlist(channel, '720p.m3u8');
      expect(modelOf(media).segments.map(({ parts }) => parts.length)).to.deep.equal([1]);
      expect(media).not.to.include('ENDLIST').and.not.to.include('DISCONTINUITY\n');
      expect(Number(tagOf(media, 'EXT-X-MEDIA-SEQUENCE'))).to.be.greaterThan(850_000_001);
    });
  });

  for (const [rate, profile] of [
    ['30', 'balanced'],
    ['29.97', 'lowest'],
    ['50', 'economy'],
  ] as [FrameRate, Profile][]) {
    it(`keeps every rule of playlists for 60 s of states with a discontinuity and a gap, at ${rate} ${profile}`, async function () {
      this.timeout(30_000);
      const grid = tickGrid(rate, profile);
      const channel = await SyntheticChannel.begin({ grid });
      let stops = 0;
      const snapshots: Snapshot[] = [];
      const held = new Map<string, Model>();
      const hinted = new Map<string, string>();
      const url = (path: string) => `http://origin.test/live/news/${path}`;
      const begin = channel.time;
      // 90 s, so that for 60 s the window of 30 s is full.
      while (channel.time < begin + 90_000) {
        // Once in the middle of a segment, once after a whole one, where the next is claimed already: a gap.
        if (channel.time > begin + 40_000 && channel.edge.part === 1 && stops === 0) {
          stops++;
          await channel.discontinue();
        } else if (
          channel.time > begin + 60_000 &&
          channel.edge.part === partsPerSegment(grid) - 1 &&
          stops === 1
        ) {
          stops++;
          await channel.replaceWriter();
        }
        const { msn, part } = await channel.tick();
        const rig = await startRig({ stores: channel.stores, windowSeconds: 30 });
        const headers = new Set<string>();
        const first = snapshots.length === 0;
        if (first)
          snapshots.push({ url: url('index.m3u8'), text: (await rig.ask('/live/news/index.m3u8')).text });
        let videoTimes: number[] = [];
        for (const rendition of RENDITIONS) {
          const path = `/live/news/${rendition}.m3u8`;
          const full = (await rig.ask(path)).text;
          const delta = (await rig.ask(`${path}?_HLS_skip=YES`)).text;
          snapshots.push({
            url: url(`${rendition}.m3u8`),
            text: full,
            receivedAtMs: channel.time,
            blocking: true,
          });
          expectParsersAgree(full);

          const model = modelOf(full);
          if (held.has(rendition))
            expect(modelOf(delta, held.get(rendition)).segments).to.deep.equal(model.segments);
          expect(modelOf(delta, model)).to.deep.equal({ ...model, skipped: modelOf(delta, model).skipped });
          held.set(rendition, model);

          const newest = newestPartOf(full)!;
          expect(newest).to.equal(`p/${rendition}/${msn}.${part}.m4s`);
          const last = hinted.get(rendition);
          if (last !== undefined && part > 0) expect(newest, 'the hint of the state before').to.equal(last);
          hinted.set(rendition, hintOf(full)!);

          headers.add(model.header.filter((line) => !line.startsWith('#EXT-X-MAP')).join('\n'));
          const reports = model.trailer.slice(1);
          expect(reports).to.deep.equal(
            RENDITIONS.filter((id) => id !== rendition).map(
              (id) => `#EXT-X-RENDITION-REPORT:URI="${id}.m3u8",LAST-MSN=${msn},LAST-PART=${part}`,
            ),
          );
          const times = model.segments.map(timeOf);
          if (rendition === '720p') videoTimes = times;
          const frameMs = (1000 * AAC_FRAME_SAMPLES) / 48_000;
          times.forEach((time, i) =>
            expect(Math.abs(time - videoTimes[i]!)).to.be.at.most(rendition === 'audio' ? frameMs : 0),
          );
        }
        expect(headers.size, 'the same header in all renditions').to.equal(1);
        await rig.close();
      }
      expect(stops).to.equal(2);
      const report = lintPlaylists(snapshots);
      expect(report.findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      // The pauses of the two discontinuities are true: no part came then (T12). A short window is asked for (T13).
      expect(
        report.findings.map(({ rule }) => rule).filter((rule) => rule !== 'T12' && rule !== 'T13'),
      ).to.deep.equal([]);
      expect(report.counts.passed).to.be.greaterThan(30);
    });
  }
});
