import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import {
  atOnce,
  closeRigs,
  held,
  hintOf,
  newestPartOf,
  settle,
  SlowReads,
  startRig,
  until,
  type Answer,
  type Rig,
} from './rig';

const FIRST = 850_000_000;
const media = (query: string, rendition = '720p'): string => `/live/news/${rendition}.m3u8?${query}`;

describe('delivery directives', () => {
  let channel: SyntheticChannel;
  let rig: Rig;

  /** A channel with so many ticks of four a segment (target duration 1 s), and an origin that follows it. */
  async function start(ticks: number): Promise<void> {
    channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
    await channel.tick(ticks);
    rig = await startRig({ stores: channel.stores });
    await rig.ask('/live/news/index.m3u8');
  }

  afterEach(async () => {
    await closeRigs();
    expect(rig.origin.waiting, 'held requests').to.equal(0);
    expect(rig.logged).to.deep.equal([]);
  });

  describe('blocking', () => {
    it('holds a playlist until the part is there, and not before (D2)', async () => {
      await start(5);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=2`));
      const sooner = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=1`));
      await channel.tick();
      expect(newestPartOf((await sooner.answer).text)).to.equal(`p/720p/${FIRST + 1}.1.m4s`);
      await settle();
      expect(wanted.done()).to.equal(false);
      expect(rig.origin.waiting).to.equal(1);
      await channel.tick();
      const answer = await wanted.answer;
      expect(answer.status).to.equal(200);
      expect(newestPartOf(answer.text)).to.equal(`p/720p/${FIRST + 1}.2.m4s`);
      expect(answer.headers['cache-control']).to.equal('max-age=6');
    });

    it('holds a playlist without a part until the segment is complete (D1)', async () => {
      await start(5);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}`));
      for (const part of [1, 2]) {
        const each = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=${part}`));
        await channel.tick();
        await each.answer;
      }
      expect(wanted.done()).to.equal(false);
      await channel.tick();
      const answer = await wanted.answer;
      expect(answer.text).to.include(`\ns/720p/${FIRST + 1}.m4s\n`);
      expect(newestPartOf(answer.text)).to.equal(`p/720p/${FIRST + 1}.3.m4s`);
      expect(answer.headers['cache-control']).to.equal('max-age=6');
    });

    it('takes a part beyond the end of a finished segment for part 0 of the next (D3)', async () => {
      await start(8);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=4`));
      await channel.tick();
      const answer = await wanted.answer;
      expect(newestPartOf(answer.text)).to.equal(`p/720p/${FIRST + 2}.0.m4s`);
      expect(answer.headers['cache-control']).to.equal('max-age=6');
    });

    it('takes it so for a segment that was ended early, too', async () => {
      await start(6);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=2`));
      await channel.replaceWriter();
      await settle();
      await channel.tick();
      const answer = await wanted.answer;
      expect(answer.status).to.equal(200);
      expect(answer.text).to.include(`\ns/720p/${FIRST + 1}.m4s\n`);
    });

    it('holds for the first part of the segment after next (D6)', async () => {
      await start(7);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 2}&_HLS_part=0`));
      await channel.tick();
      await settle();
      expect(wanted.done()).to.equal(false);
      await channel.tick();
      expect(newestPartOf((await wanted.answer).text)).to.equal(`p/720p/${FIRST + 2}.0.m4s`);
    });

    it('blocks the audio playlist in the same way', async () => {
      await start(5);
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=1`, 'audio'));
      await channel.tick();
      expect(newestPartOf((await wanted.answer).text)).to.equal(`p/audio/${FIRST + 1}.1.m4s`);
    });

    it('takes the directives in any order, and with others between them (D14)', async () => {
      await start(5);
      const wanted = await held(
        rig,
        media(`_HLS_skip=YES&x=1&_HLS_part=1&CMCD=sid%3D"a"&_HLS_msn=${FIRST + 1}`),
      );
      await channel.tick();
      expect(newestPartOf((await wanted.answer).text)).to.equal(`p/720p/${FIRST + 1}.1.m4s`);
    });
  });

  describe('answers at once', () => {
    it('the current playlist for an old number, for a second (D4)', async () => {
      await start(10);
      const current = (await rig.ask('/live/news/720p.m3u8')).text;
      for (const query of [
        '_HLS_msn=0',
        '_HLS_msn=0&_HLS_part=0',
        '_HLS_msn=12345&_HLS_part=999999',
        `_HLS_msn=${FIRST}`,
        `_HLS_msn=${FIRST}&_HLS_part=3`,
        `_HLS_msn=${FIRST + 2}&_HLS_part=0`,
        'other=1',
      ]) {
        const answer = await rig.ask(media(query));
        expect(answer.status, query).to.equal(200);
        expect(answer.text, query).to.equal(current);
        expect(answer.headers['cache-control'], query).to.equal('max-age=1');
      }
    });

    it('the asked position for six target durations, where it is the newest', async () => {
      await start(10);
      const exact = await rig.ask(media(`_HLS_msn=${FIRST + 2}&_HLS_part=1`));
      expect(exact.headers['cache-control']).to.equal('max-age=6');
      // Over two segment lengths old, but the very answer that the request would have got when it was new.
      await channel.tick(2);
      await rig.close();
      rig = await startRig({ stores: channel.stores });
      for (const query of [`_HLS_msn=${FIRST + 2}`, `_HLS_msn=${FIRST + 2}&_HLS_part=3`]) {
        expect((await rig.ask(media(query))).headers['cache-control'], query).to.equal('max-age=6');
      }
    });

    it('for 24 s where segments are four seconds long', async () => {
      channel = await SyntheticChannel.begin();
      await channel.tick(5);
      rig = await startRig({ stores: channel.stores });
      expect((await rig.ask(media(`_HLS_msn=${FIRST}&_HLS_part=4`))).headers['cache-control']).to.equal(
        'max-age=24',
      );
    });

    it('does not keep an answer to which the end of the segment has come, though its newest part is the asked one', async () => {
      // So early in a segment of four seconds that the next one is not claimed yet.
      channel = await SyntheticChannel.begin();
      await channel.tick(12 + 2);
      const answers: Answer[] = [];
      for (const act of [async () => undefined, () => channel.replaceWriter()]) {
        await act();
        rig = await startRig({ stores: channel.stores });
        answers.push(await rig.ask(media(`_HLS_msn=${FIRST + 1}&_HLS_part=1`)));
        await rig.close();
      }
      expect(answers.map(({ text }) => newestPartOf(text))).to.deep.equal(
        Array(2).fill(`p/720p/${FIRST + 1}.1.m4s`),
      );
      expect(answers.map(({ text }) => text.includes(`s/720p/${FIRST + 1}.m4s`))).to.deep.equal([
        false,
        true,
      ]);
      expect(answers.map(({ headers }) => headers['cache-control'])).to.deep.equal([
        'max-age=24',
        'max-age=1',
      ]);
    });
  });

  describe('refuses with 400, and says what is allowed', () => {
    const whole = (name: string, value: string) =>
      `${name} is ${JSON.stringify(value)}; allowed is a whole number`;
    const cases: [string, string][] = [
      ['_HLS_part=0', '_HLS_part needs _HLS_msn beside it'],
      ['_HLS_msn=x', whole('_HLS_msn', 'x')],
      ['_HLS_msn=', whole('_HLS_msn', '')],
      ['_HLS_msn', whole('_HLS_msn', '')],
      ['_HLS_msn=-1', whole('_HLS_msn', '-1')],
      ['_HLS_msn=%2B1', whole('_HLS_msn', '+1')],
      ['_HLS_msn=1.5', whole('_HLS_msn', '1.5')],
      ['_HLS_msn=1.0', whole('_HLS_msn', '1.0')],
      ['_HLS_msn=0x10', whole('_HLS_msn', '0x10')],
      ['_HLS_msn=1e3', whole('_HLS_msn', '1e3')],
      ['_HLS_msn=%201', whole('_HLS_msn', ' 1')],
      ['_HLS_msn=1%0A', whole('_HLS_msn', '1\n')],
      ['_HLS_msn=%D9%A1', whole('_HLS_msn', '١')],
      ['_HLS_msn=%EF%BC%91', whole('_HLS_msn', '１')],
      ['_HLS_msn=%FF', whole('_HLS_msn', '�')],
      ['_HLS_msn=NaN', whole('_HLS_msn', 'NaN')],
      ['_HLS_msn=Infinity', whole('_HLS_msn', 'Infinity')],
      ['_HLS_msn=9007199254740992', whole('_HLS_msn', '9007199254740992')],
      [`_HLS_msn=${'9'.repeat(100)}`, whole('_HLS_msn', '9'.repeat(40))],
      [`_HLS_msn=${FIRST}&_HLS_part=1.5`, whole('_HLS_part', '1.5')],
      [`_HLS_msn=${FIRST}&_HLS_part=`, whole('_HLS_part', '')],
      [`_HLS_msn=${FIRST}&_HLS_part=-1`, whole('_HLS_part', '-1')],
      ['_HLS_msn=1&_HLS_msn=1', '_HLS_msn is given more than once'],
      ['_HLS_msn=1&_HLS_part=1&_HLS_part=2', '_HLS_part is given more than once'],
      ['_HLS_skip=YES&_HLS_skip=YES', '_HLS_skip is given more than once'],
      ['_HLS_skip=', '_HLS_skip is ""; allowed: YES, v2'],
      ['_HLS_skip=yes', '_HLS_skip is "yes"; allowed: YES, v2'],
      ['_HLS_skip=NO', '_HLS_skip is "NO"; allowed: YES, v2'],
      ['_HLS_push=1', '"_HLS_push" is no delivery directive; allowed: _HLS_msn, _HLS_part, _HLS_skip'],
      ['_HLS_MSN=1', '"_HLS_MSN" is no delivery directive; allowed: _HLS_msn, _HLS_part, _HLS_skip'],
      ['%5FHLS_x=1', '"_HLS_x" is no delivery directive; allowed: _HLS_msn, _HLS_part, _HLS_skip'],
      [
        `_HLS_msn=${FIRST + 4}`,
        `_HLS_msn=${FIRST + 4} is too far ahead; the newest segment is ${FIRST + 1}, allowed is up to ${FIRST + 3}`,
      ],
      [
        '_HLS_msn=999999999999999',
        `_HLS_msn=999999999999999 is too far ahead; the newest segment is ${FIRST + 1}, allowed is up to ${FIRST + 3}`,
      ],
      // The newest part is 1; the Advance Part Limit is 3 s of parts of 0.21334 s: 15.
      [
        `_HLS_msn=${FIRST + 1}&_HLS_part=17`,
        `_HLS_part=17 of segment ${FIRST + 1} is too far ahead; allowed is up to 16`,
      ],
      [
        `_HLS_msn=${FIRST + 2}&_HLS_part=15`,
        `_HLS_part=15 of segment ${FIRST + 2} is too far ahead; allowed is up to 14`,
      ],
    ];

    beforeEach(() => start(6));

    for (const [query, message] of cases) {
      it(`${query.slice(0, 60)}`, async () => {
        const answer = await rig.ask(media(query));
        expect(answer.status).to.equal(400);
        expect(answer.text).to.equal(`${message}\n`);
        expect(answer.headers).to.include({
          'cache-control': 'no-store',
          'content-type': 'text/plain; charset=utf-8',
          'access-control-allow-origin': '*',
        });
      });
    }

    it('but not one that is just near enough', async () => {
      const near = [
        `_HLS_msn=${FIRST + 3}`,
        `_HLS_msn=${FIRST + 1}&_HLS_part=16`,
        `_HLS_msn=${FIRST + 2}&_HLS_part=14`,
      ];
      for (const query of near) {
        (await held(rig, media(query))).abort();
        await until(() => rig.origin.waiting === 0, 'an aborted request is let go');
      }
    });
  });

  describe('time-outs and ends', () => {
    it('answers 503 after three target durations without the part (D7)', async function () {
      this.timeout(10_000);
      await start(5);
      const began = performance.now();
      const wanted = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=1`));
      const answer = await wanted.answer;
      expect(performance.now() - began).to.be.within(2950, 3500);
      expect(answer.status).to.equal(503);
      expect(answer.text).to.equal('the part did not come within 3 s: the encoder is silent\n');
      expect(answer.headers).to.include({ 'cache-control': 'no-store', 'retry-after': '1' });
    });

    for (const [where, ticks] of [
      ['in the middle of a segment', 6],
      ['after a whole segment', 8],
    ] as const) {
      it(`releases all held requests with the ENDLIST playlist when the programme ends ${where} (D8)`, async () => {
        await start(ticks);
        const next = channel.edge.part === 3 ? FIRST + 2 : FIRST + 1;
        const part = channel.edge.part === 3 ? 0 : channel.edge.part + 1;
        const wanted = [
          await held(rig, media(`_HLS_msn=${next}&_HLS_part=${part}`)),
          await held(rig, media(`_HLS_msn=${FIRST + 3}`, 'audio')),
          await held(rig, media(`_HLS_msn=${next}&_HLS_part=${part}&_HLS_skip=YES`, '360p')),
        ];
        const hint = await held(rig, `/live/news/p/720p/${next}.${part}.m4s`);
        await channel.end({ final: true });
        for (const { answer } of wanted) {
          const { status, text, headers } = await answer;
          expect(status).to.equal(200);
          expect(text.endsWith('\n#EXT-X-ENDLIST\n')).to.equal(true);
          expect(text).not.to.include('PRELOAD-HINT');
          expect(headers['cache-control']).to.equal('max-age=1');
        }
        expect((await hint.answer).status, 'the abandoned hint').to.equal(404);
        const ended = (await rig.ask('/live/news/720p.m3u8')).text;
        for (const query of [
          '_HLS_msn=999999999999999',
          `_HLS_msn=${FIRST + 1}&_HLS_part=99999`,
          '_HLS_skip=YES',
        ]) {
          expect((await rig.ask(media(query))).text, query).to.equal(ended);
        }
      });
    }

    it('holds nothing and answers what there is once it drains', async () => {
      await start(6);
      const before = (await rig.ask('/live/news/720p.m3u8')).text;
      const list = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=2`));
      const hint = await held(rig, `/live/news/p/720p/${FIRST + 1}.2.m4s`);
      await rig.origin.drain();
      expect((await list.answer).text).to.equal(before);
      expect((await list.answer).headers['cache-control']).to.equal('no-store');
      expect((await hint.answer).status).to.equal(404);
      const late = await rig.ask(media(`_HLS_msn=${FIRST + 1}&_HLS_part=2`));
      expect([late.status, late.text, late.headers['cache-control']]).to.deep.equal([
        200,
        before,
        'no-store',
      ]);
    });

    it('drops the waiters of clients that have gone', async () => {
      await start(6);
      const list = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=2`));
      const hint = await held(rig, `/live/news/p/720p/${FIRST + 1}.2.m4s`);
      expect(rig.origin.waiting).to.equal(2);
      list.abort();
      hint.abort();
      await until(() => rig.origin.waiting === 0, 'aborted requests are let go', 1000);
    });
  });

  describe('parts', () => {
    it('holds the hinted part and sends it whole, with no byte before (D11)', async () => {
      channel = await SyntheticChannel.begin({ grid: SMALL_GRID, partBytes: 5000 });
      await channel.tick(5);
      rig = await startRig({ stores: channel.stores });
      const hint = hintOf((await rig.ask('/live/news/720p.m3u8')).text)!;
      expect(hint).to.equal(`p/720p/${FIRST + 1}.1.m4s`);
      const wanted = await held(rig, `/live/news/${hint}`);
      await settle();
      expect(wanted.done()).to.equal(false);
      await channel.tick();
      const answer = await wanted.answer;
      const expected = channel.part('720p', FIRST + 1, 1);
      expect(answer.status).to.equal(200);
      expect(answer.headers['content-length']).to.equal(String(expected.length));
      expect(answer.headers['transfer-encoding']).to.equal(undefined);
      expect(answer.chunks).to.equal(1);
      expect(answer.body.equals(expected)).to.equal(true);
    });

    it('holds a part that another origin may have hinted, and no other', async () => {
      await start(6);
      const next = await held(rig, `/live/news/p/720p/${FIRST + 1}.2.m4s`);
      const later = await held(rig, `/live/news/p/audio/${FIRST + 2}.0.m4s`);
      await channel.tick();
      expect((await next.answer).body.equals(channel.part('720p', FIRST + 1, 2))).to.equal(true);
      await channel.tick();
      await settle();
      expect(later.done()).to.equal(false);
      await channel.tick();
      expect((await later.answer).body.equals(channel.part('audio', FIRST + 2, 0))).to.equal(true);
    });

    it('holds a segment that another origin may have listed, for three ticks at most', async () => {
      await start(7);
      const path = `/live/news/s/720p/${FIRST + 1}.m4s`;
      const segment = await held(rig, path);
      await channel.tick();
      expect((await segment.answer).body.equals(channel.segment('720p', FIRST + 1))).to.equal(true);
      const list = await held(rig, media(`_HLS_msn=${FIRST + 2}&_HLS_part=0`));
      await channel.tick();
      await list.answer;
      const tooEarly = await held(rig, `/live/news/s/720p/${FIRST + 2}.m4s`);
      const began = performance.now();
      expect((await tooEarly.answer).status).to.equal(404);
      expect(performance.now() - began).to.be.within(400, 1000);
    });

    it('answers 404 for a hint that was abandoned because the segment was ended (D12)', async () => {
      await start(6);
      const wanted = await held(rig, `/live/news/p/720p/${FIRST + 1}.2.m4s`);
      await channel.replaceWriter();
      const answer = await wanted.answer;
      expect(answer.status).to.equal(404);
      expect(answer.headers['cache-control']).to.equal('no-store');
    });

    it('answers 404 at once for what is neither there nor hinted (D12)', async () => {
      await start(6);
      for (const path of [
        `p/720p/${FIRST + 1}.7.m4s`,
        `p/720p/${FIRST + 2}.3.m4s`,
        `p/720p/${FIRST + 3}.0.m4s`,
        `p/720p/${FIRST}.4.m4s`,
        `p/720p/${FIRST - 1}.0.m4s`,
        `p/720p/999999999999999.0.m4s`,
        `p/4k/${FIRST}.0.m4s`,
        `p/4k/${FIRST + 1}.2.m4s`,
        `p/4k/${FIRST + 2}.0.m4s`,
        `s/720p/${FIRST + 2}.m4s`,
        `s/720p/${FIRST - 1}.m4s`,
        `s/4k/${FIRST}.m4s`,
        `s/4k/${FIRST + 1}.m4s`,
        `i/720p/${'0'.repeat(32)}.mp4`,
        `i/audio/${channel.init('720p').hash}.mp4`,
        '4k.m3u8',
        'constructor.m3u8',
      ]) {
        expect((await atOnce(rig, `/live/news/${path}`)).status, path).to.equal(404);
      }
      expect(rig.answered.filter((line) => line.endsWith('404'))).to.have.lengthOf(17);
      expect(rig.origin.waiting).to.equal(0);
    });

    it('misses no part that comes while the store is being read', async () => {
      channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
      await channel.tick(5);
      const slow = new SlowReads(channel.store);
      rig = await startRig({ stores: slow.stores });
      await rig.ask('/live/news/index.m3u8');
      const list = await held(rig, media(`_HLS_msn=${FIRST + 1}&_HLS_part=1`));
      // The origin finds no part, and learns of it only when its follower has long seen the part.
      const release = slow.hold(`edge/news/${FIRST + 1}/1`);
      const part = rig.ask(`/live/news/p/720p/${FIRST + 1}.1.m4s`);
      await until(() => slow.holding, 'the store is being read');
      await channel.tick();
      await Promise.race([list.answer, delay(600)]);
      release();
      const began = performance.now();
      expect((await part).body.equals(channel.part('720p', FIRST + 1, 1))).to.equal(true);
      expect(performance.now() - began, 'after the read').to.be.lessThan(1000);
    });
  });
});
