/**
 * What a contributor may do, row by row, and the exact playlist that viewers get: real streams, decoders and
 * encoders at the speed of the clock. UPDATE_GOLDENS=1 rewrites the playlists of tests/fixtures/input-faults.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { withLanguages } from '../../encoder/contract';
import { pictureFormat } from '../../encoder/ffmpeg/job';
import { slatePicture } from '../../encoder/ingest/slate';
import { captionFrames, decodedText, remux, trackBytes, video, withCaptions } from '../support/captions';
import {
  ContributionChannel,
  push,
  pushFile,
  SMALL,
  stopPushers,
  type ChannelOptions,
} from '../support/contribution';
import { claps, colours, difference, report, thumbnails, tone } from '../support/decoded';

const GOLDENS = path.resolve('tests/fixtures/input-faults');
const SEGMENTS = 3;

interface Row {
  readonly what: string;
  /** What the viewers get. */
  readonly so: string;
  readonly options?: ChannelOptions;
  readonly act: (channel: ContributionChannel) => Promise<void>;
  /** Golden playlist; a steady one is the same whatever happens at the input. */
  readonly golden?: string;
  readonly renditions?: readonly string[];
  readonly check?: (channel: ContributionChannel) => Promise<void> | void;
}

let slate: Buffer;
let folder: string;

/** How many frames of a segment show the slate. */
async function slates(channel: ContributionChannel, segment: number): Promise<number> {
  const pictures = await thumbnails(await channel.segment('234p', segment));
  expect(pictures).to.have.length(120);
  return pictures.filter((picture) => difference(picture, slate) < 6).length;
}

const level = async (channel: ContributionChannel, segment: number): Promise<number> =>
  (await tone(await channel.segment('audio', segment))).level;

/** One stream after another on the same connection. */
async function inTurn(target: PassThrough, ...streams: readonly Parameters<typeof push>[1][]): Promise<void> {
  for (const [i, stream] of streams.entries()) await push(target, stream, i === streams.length - 1).ended;
}

/** Passes everything on, changed by a function that is given each chunk. */
function through(target: PassThrough, change: (chunk: Buffer) => Buffer[]): PassThrough {
  const transform = new Transform({
    transform(chunk: Buffer, _, done) {
      for (const piece of change(chunk)) this.push(piece);
      done();
    },
  });
  transform.pipe(target);
  return transform;
}

const LIVE_AT_THE_END = async (channel: ContributionChannel): Promise<void> => {
  expect(await slates(channel, 2), 'frames of the third segment that show the slate').to.equal(0);
  expect(await level(channel, 2), 'level of its sound').to.be.greaterThan(0.05);
};

const LONG = 13;

const ROWS: readonly Row[] = [
  {
    what: 'nothing at all',
    so: 'the slate and silence',
    act: async () => undefined,
    check: async (channel) => {
      expect(await slates(channel, 2)).to.equal(120);
      expect(await level(channel, 2)).to.be.lessThan(0.0005);
    },
  },
  {
    what: 'a camera',
    so: 'its picture and sound',
    act: async (channel) => void push(channel.call(), { seconds: LONG }),
    check: async (channel) => {
      await LIVE_AT_THE_END(channel);
      expect(await colours(await channel.segment('234p', 2))).to.equal(
        'color_range:tv color_space:bt709 color_primaries:bt709 color_trc:bt709',
      );
    },
  },
  {
    what: 'a clapper',
    so: 'the tone with its picture',
    act: async (channel) => void push(channel.call(), { seconds: LONG, clapper: true }),
    check: async (channel) => {
      const { seen, heard } = await claps(
        await channel.segment('234p', 2),
        await channel.segment('audio', 2),
        30,
      );
      expect(seen.length).to.be.within(3, 4);
      // Sound may be found a block of 1024 samples late, and a picture a frame.
      for (const at of seen.slice(1)) {
        const nearest = Math.min(...heard.map((tone) => Math.abs(tone - at)));
        expect(nearest, `${JSON.stringify({ seen, heard })}`).to.be.lessThan(0.045);
      }
    },
  },
  {
    what: 'no sound',
    so: 'silence',
    act: async (channel) => void push(channel.call(), { seconds: LONG, sound: [] }),
    check: async (channel) => {
      expect(await slates(channel, 2)).to.equal(0);
      expect(await level(channel, 2)).to.be.lessThan(0.0005);
    },
  },
  {
    what: 'two languages, German first and in 5.1',
    so: 'a rendition for each, in stereo',
    options: { ladder: withLanguages(SMALL, ['en', 'de']) },
    renditions: ['234p', 'audio', 'audio-de'],
    golden: 'two-languages',
    act: async (channel) =>
      void push(channel.call(), {
        seconds: LONG,
        sound: [
          ['deu', '5.1'],
          ['eng', 'stereo'],
        ],
      }),
    check: async (channel) => {
      const english = await tone(await channel.segment('audio', 2));
      const german = await tone(await channel.segment('audio-de', 2));
      expect(english.frequency).to.be.within(875, 885);
      expect(german.frequency).to.be.within(435, 445);
      const { text } = await channel.ask('index.m3u8');
      const sound = text.split('\n').filter((line) => line.includes('TYPE=AUDIO'));
      expect(sound).to.deep.equal([
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio-de.m3u8"',
      ]);
    },
  },
  {
    what: 'captions in its pictures',
    so: 'the captions in every rendition, declared',
    options: {
      ladder: {
        ...SMALL,
        video: [SMALL.video[0]!, { ...SMALL.video[0]!, id: 'hevc', codec: 'hevc', priority: 2 }],
      },
    },
    golden: 'captions',
    renditions: ['234p', 'hevc', 'audio'],
    act: async (channel) => {
      const frames = 400;
      const cues = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'].map((text, i) => ({
        service: 'CC1' as const,
        text,
        frame: 30 + i * 60,
      }));
      const captions = captionFrames(frames, cues);
      const pictures = await video({ codec: 'h264', frames, bFrames: 2 });
      const captioned = withCaptions(pictures, (frame) => captions[frame]);
      const file = path.join(folder, 'captioned.ts');
      await writeFile(file, await remux(trackBytes(captioned), 'mpegts'));
      pushFile(channel.call(), file);
    },
    check: async (channel) => {
      for (const id of ['234p', 'hevc']) {
        const parts = await Promise.all([0, 1, 2].map((index) => channel.segment(id, index)));
        const [first] = parts;
        const media = Buffer.concat([
          first!,
          ...parts.slice(1).map((part) => part.subarray(part.indexOf('moof') - 4)),
        ]);
        expect((await decodedText(media)).slice(0, 4), id).to.deep.equal(['ONE', 'TWO', 'THREE', 'FOUR']);
      }
      const { text } = await channel.ask('index.m3u8');
      expect(text).to.include(
        '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="CC1",DEFAULT=YES,AUTOSELECT=YES,INSTREAM-ID="CC1"\n',
      );
      const streams = text.split('\n').filter((line) => line.startsWith('#EXT-X-STREAM-INF'));
      for (const line of streams) expect(line).to.match(/,CLOSED-CAPTIONS="captions"$/);
      expect(streams).to.have.length(2);
    },
  },
  {
    what: 'interlaced pictures',
    so: 'progressive ones',
    options: {
      frameRate: '25',
      ladder: { ...SMALL, video: [{ ...SMALL.video[0]!, width: 320, height: 240 }] },
    },
    golden: 'at-25',
    act: async (channel) =>
      void push(channel.call(), { seconds: LONG, size: '320x240', rate: '50', interlaced: true }),
    check: async (channel) => {
      const media = await channel.segment('234p', 2);
      const [, top, bottom, progressive] =
        /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/
          .exec(await report(media, 'idet'))!
          .map(Number);
      // Of the stream that was sent, all are interlaced.
      expect(progressive, JSON.stringify({ top, bottom, progressive })).to.be.greaterThan(90);
    },
  },
  {
    what: 'another picture size, in the same stream',
    so: 'the same size as before',
    act: async (channel) => void inTurn(channel.call(), { seconds: 5 }, { seconds: LONG, size: '640x360' }),
    check: LIVE_AT_THE_END,
  },
  {
    what: 'another frame rate',
    so: "the channel's frame rate",
    act: async (channel) =>
      void inTurn(channel.call(), { seconds: 5, rate: '25' }, { seconds: LONG, rate: '60' }),
    check: LIVE_AT_THE_END,
  },
  {
    what: 'another codec',
    so: 'the same codec as before',
    act: async (channel) => void inTurn(channel.call(), { seconds: 5 }, { seconds: LONG, codec: 'mpeg2' }),
    check: LIVE_AT_THE_END,
  },
  {
    what: 'timestamps that jump forward by 1000 s',
    so: 'no break',
    act: async (channel) => void inTurn(channel.call(), { seconds: 5 }, { seconds: LONG, offset: 1000 }),
    check: LIVE_AT_THE_END,
  },
  {
    what: 'timestamps that jump back by 1000 s',
    so: 'no break',
    act: async (channel) => void inTurn(channel.call(), { seconds: 5, offset: 1000 }, { seconds: LONG }),
    check: LIVE_AT_THE_END,
  },
  {
    what: 'timestamps that wrap at 33 bits',
    so: 'no break',
    act: async (channel) => void push(channel.call(), { seconds: LONG, offset: 2 ** 33 / 90_000 - 5 }),
    check: async (channel) => {
      await LIVE_AT_THE_END(channel);
      expect(channel.mixer.counts).to.include({ anchors: 1 });
    },
  },
  {
    what: '200 kB of garbage in the middle',
    so: 'the picture again after it',
    act: async (channel) => {
      const media = channel.call();
      push(media, { seconds: LONG });
      await channel.tick(1, 0);
      media.write(randomBytes(200_000));
    },
    check: LIVE_AT_THE_END,
  },
  {
    what: 'nothing but garbage',
    so: 'the slate',
    act: async (channel) => {
      const media = channel.call();
      for (let i = 0; i < 20; i++) {
        media.write(randomBytes(50_000));
        await delay(100);
      }
    },
    check: async (channel) => void expect(await slates(channel, 2)).to.equal(120),
  },
  {
    what: 'one packet in fifty lost',
    so: 'the picture with its faults',
    act: async (channel) => {
      let packets = 0;
      let rest = Buffer.alloc(0);
      const lossy = through(channel.call(), (chunk) => {
        const kept: Buffer[] = [];
        const data = Buffer.concat([rest, chunk]);
        for (let at = 0; at + 188 <= data.length; at += 188)
          if (++packets % 50) kept.push(data.subarray(at, at + 188));
        rest = data.subarray(data.length - (data.length % 188));
        return kept;
      });
      push(lossy, { seconds: LONG });
    },
    check: async (channel) => void expect(await slates(channel, 2)).to.equal(0),
  },
  {
    what: 'a hold-up of three seconds',
    so: 'the last picture, the slate, and the live picture again',
    act: async (channel) => {
      const { child } = push(channel.call(), { seconds: LONG });
      await channel.tick(1, 0);
      child.kill('SIGSTOP');
      await channel.tick(1, 9);
      child.kill('SIGCONT');
    },
    check: async (channel) => {
      expect(await slates(channel, 1), 'slates while it was held up').to.be.within(40, 75);
      await LIVE_AT_THE_END(channel);
    },
  },
  {
    what: 'nine tenths of real time',
    so: 'repeated pictures, never the slate',
    act: async (channel) => void push(channel.call(), { seconds: LONG, speed: 0.9 }),
    check: async (channel) => {
      expect(await slates(channel, 2)).to.equal(0);
      expect(channel.mixer.counts.repeated).to.be.greaterThan(20);
    },
  },
  {
    what: 'twice real time',
    so: 'the newest picture',
    act: async (channel) => void push(channel.call(), { seconds: 30, speed: 2 }),
    check: async (channel) => void expect(await slates(channel, 2)).to.equal(0),
  },
  {
    what: 'bursts of 400 ms',
    so: 'even motion',
    act: async (channel) => {
      const target = channel.call();
      const held: Buffer[] = [];
      const bursts = new PassThrough();
      bursts.on('data', (chunk: Buffer) => held.push(chunk));
      const timer = setInterval(() => target.write(Buffer.concat(held.splice(0))), 400);
      void push(bursts, { seconds: LONG }).ended.then(() => clearInterval(timer));
    },
    check: async (channel) => {
      const before = channel.mixer.counts.repeated;
      await LIVE_AT_THE_END(channel);
      expect(channel.mixer.counts.repeated - before).to.be.lessThan(12);
    },
  },
  {
    what: 'a source that goes away',
    so: 'its last picture for a second, then the slate',
    act: async (channel) => {
      const { child } = push(channel.call(), { seconds: LONG });
      await channel.tick(1, 0);
      child.kill('SIGKILL');
    },
    check: async (channel) => {
      expect(await slates(channel, 2)).to.equal(120);
      expect(await slates(channel, 1), 'slates of the segment in which it went').to.be.within(70, 95);
      expect(channel.mixer.counts.repeated).to.be.within(29, 34);
    },
  },
  {
    what: 'a source that goes away, and onInputLoss is repeat',
    so: 'its last picture for ever',
    options: { onInputLoss: 'repeat' },
    act: async (channel) => {
      const { child } = push(channel.call(), { seconds: LONG });
      await channel.tick(1, 0);
      child.kill('SIGKILL');
    },
    check: async (channel) => void expect(await slates(channel, 2)).to.equal(0),
  },
  {
    what: 'a source that goes away and comes back with another size',
    so: 'the slate, then the new picture at the same size',
    act: async (channel) => {
      const { child } = push(channel.call(), { seconds: LONG });
      await channel.tick(0, 9);
      child.kill('SIGKILL');
      await channel.tick(1, 4);
      push(channel.call(), { seconds: LONG, size: '640x480', rate: '25' });
    },
    check: LIVE_AT_THE_END,
  },
  {
    what: 'a source that goes away, and onInputLoss is gap',
    so: 'a short segment, then a gap',
    options: { onInputLoss: 'gap' },
    golden: 'gap',
    act: async (channel) => {
      const target = channel.call();
      const { child } = push(target, { seconds: LONG });
      await channel.tick(1, 5);
      child.kill('SIGKILL');
      await channel.tick(2, 11);
      push(channel.call(), { seconds: LONG });
    },
    check: async (channel) => {
      const text = await channel.playlist('234p', 5);
      const after = text.slice(text.indexOf('s/234p/2.m4s'));
      const gaps = [...after.matchAll(/GAP=YES/g)].length;
      expect(gaps, 'parts of the rest of the gap').to.be.within(1, 10);
      // The clock goes on: the second gap segment ends where the picture begins again.
      const dates = [...text.matchAll(/DATE-TIME:\+([\d.]+)/g)].map(([, at]) => Number(at));
      const lengths = [...text.matchAll(/EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
      dates.slice(1).forEach((at, i) => expect(at - dates[i]!).to.be.closeTo(lengths[i]!, 0.011));
      expect([...text.matchAll(/#EXT-X-DISCONTINUITY$/gm)]).to.have.length(2);
      expect(await tone(await channel.segment('audio', 4)))
        .to.have.property('level')
        .that.is.greaterThan(0.05);
    },
  },
];

const AT_A_TIME = 4;

describe('faults at the input', function () {
  this.timeout(240_000);
  const results = new Map<Row, Promise<void>>();
  const queue = [...ROWS];
  const players: Promise<void>[] = [];

  before(async () => {
    await mkdir(GOLDENS, { recursive: true });
    folder = await mkdtemp(path.join(os.tmpdir(), 'input-'));
    [slate] = await thumbnailsOfSlate();
    const settle = new Map<Row, [resolve: () => void, reject: (error: unknown) => void]>();
    for (const row of ROWS) {
      const result = new Promise<void>((resolve, reject) => settle.set(row, [resolve, reject]));
      result.catch(() => undefined);
      results.set(row, result);
    }
    for (let i = 0; i < AT_A_TIME; i++) {
      const player = async () => {
        for (let row = queue.shift(); row; row = queue.shift()) {
          const [resolve, reject] = settle.get(row)!;
          await play(row).then(resolve, reject);
        }
      };
      players.push(player());
    }
  });
  after(async () => {
    // Of some rows, when only some are asked for.
    queue.length = 0;
    await Promise.all(players);
    stopPushers();
    await rm(folder, { recursive: true, force: true });
  });

  for (const row of ROWS) it(`${row.what}: ${row.so}`, () => results.get(row));
});

async function play(row: Row): Promise<void> {
  const channel = await ContributionChannel.start(row.options);
  try {
    await channel.tick(0, 0);
    await row.act(channel);
    const golden = row.golden ?? 'steady';
    for (const rendition of row.renditions ?? ['234p', 'audio']) {
      const playlist = await channel.playlist(rendition, SEGMENTS);
      const file = path.join(GOLDENS, `${golden}.${rendition}.m3u8`);
      if (process.env['UPDATE_GOLDENS']) await writeFile(file, playlist);
      expect(playlist, file).to.equal(await readFile(file, 'utf8'));
    }
    await row.check?.(channel);
    expect(await channel.faults(), 'findings of the linter').to.deep.equal([]);
  } catch (error) {
    (error as Error).message += `\n${channel.logged.slice(-20).join('')}`;
    throw error;
  } finally {
    await channel.close();
  }
}

async function thumbnailsOfSlate(): Promise<[Buffer]> {
  const { width, height, pixelFormat } = pictureFormat(SMALL, 'software');
  const raw = await slatePicture(pictureFormat(SMALL, 'software'));
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F1:1 Ip A1:1 C420jpeg\nFRAME\n`);
  expect(pixelFormat).to.equal('yuv420p');
  return [(await thumbnails(Buffer.concat([header, raw])))[0]!];
}
