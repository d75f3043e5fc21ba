import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import type { InputFront } from '../../../encoder/ingest/front';
import { startRtmpFront, type RtmpLimits } from '../../../encoder/ingest/rtmp';
import { listen } from '../../../encoder/telemetry/server';
import { ascii, u16, u32, u8 } from '../../support/mp4';
import { rejection } from '../../support/rejection';
import { FrontRig, readAll } from './front-rig';
import {
  AAC_CONFIGURATION,
  aacFrame,
  amf,
  AVC_CONFIGURATION,
  chunks,
  interFrame,
  keyFrame,
  readFlv,
  RtmpClient,
  setChunkSize,
  type Sent,
} from './rtmp-client';

const KEY = 'studio-4f1c9ab2';

const ENDED = 'connection without a stream ended';

describe('RTMP front, command by command', () => {
  let front: InputFront | undefined;
  let port = 0;

  async function start(rig: FrontRig, limits: Partial<RtmpLimits> = {}): Promise<void> {
    front = await startRtmpFront({ host: '127.0.0.1', port: 0, keys: [KEY], limits }, rig.options);
    port = Number(new URL(front.url).port);
  }

  afterEach(async () => {
    RtmpClient.closeAll();
    await front?.close();
    front = undefined;
  });

  const metadata = (values: Record<string, Buffer>) =>
    Buffer.concat([amf.string('@setDataFrame'), amf.string('onMetaData'), amf.ecmaArray(values)]);
  const H264_AAC = { videocodecid: amf.number(7), audiocodecid: amf.number(10) };

  it('answers the sequence of OBS, and makes a file of what it sends', async () => {
    const rig = new FrontRig();
    await start(rig);
    const client = await RtmpClient.greeted(port);
    expect(client.handshake.subarray(0, 9), 'S0, and a time and a version of 0').to.deep.equal(
      u8(3, 0, 0, 0, 0, 0, 0, 0, 0),
    );
    expect(client.handshake.subarray(1537), 'S2 is C1').to.deep.equal(Buffer.alloc(1536, 7));

    client.send(setChunkSize(4096));
    client.command(
      'connect',
      1,
      amf.object({
        app: amf.string('live'),
        type: amf.string('nonprivate'),
        flashVer: amf.string('FMLE/3.0 (compatible; FMSc/1.0)'),
        swfUrl: amf.string('rtmp://127.0.0.1/live'),
        tcUrl: amf.string('rtmp://127.0.0.1/live'),
        fourCcList: amf.strictArray([amf.string('av01'), amf.string('hvc1')]),
      }),
    );
    expect(await client.answer()).to.deep.equal({
      name: '_result',
      transaction: 1,
      values: [
        { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
        {
          level: 'status',
          code: 'NetConnection.Connect.Success',
          description: 'connected',
          objectEncoding: 0,
        },
      ],
    });
    expect(
      client.messages.slice(0, 2).map(({ type, payload }) => [type, payload.toString('hex')]),
    ).to.deep.equal([
      [5, '002625a0'],
      [6, '002625a002'],
    ]);
    client.command('releaseStream', 2, amf.null, amf.string(KEY));
    client.command('FCPublish', 3, amf.null, amf.string(KEY));
    client.command('createStream', 4, amf.null);
    client.command('_checkbw', 5, amf.null);
    client.command('getStreamLength', 6, amf.null, amf.string(KEY));
    client.command('hello', 7, amf.null);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await client.answer());
    expect(answers.map(({ name, transaction, values }) => [name, transaction, values[1]])).to.deep.equal([
      ['_result', 2, undefined],
      ['_result', 3, undefined],
      ['_result', 4, 1],
      ['_result', 5, undefined],
      ['_result', 6, 0],
      [
        '_error',
        7,
        { level: 'error', code: 'NetConnection.Call.Failed', description: 'this command is not known here' },
      ],
    ]);
    client.commandOn(1, 'publish', 8, amf.null, amf.string(KEY), amf.string('live'));
    expect(await client.answer()).to.deep.equal({
      name: 'onStatus',
      transaction: 0,
      values: [
        null,
        { level: 'status', code: 'NetStream.Publish.Start', description: 'the stream is taken' },
      ],
    });

    const info = { ...H264_AAC, width: amf.number(320), encoder: amf.string('obs-output module') };
    client.data(metadata(info));
    client.audio(0, AAC_CONFIGURATION);
    client.video(0, AVC_CONFIGURATION);
    client.video(0, keyFrame('first'));
    client.audio(21, aacFrame('one'));
    client.audio(22, Buffer.alloc(0));
    client.video(0x01020304, interFrame('second'));
    client.data(Buffer.concat([amf.string('onCuePoint'), amf.object({ name: amf.string('ad') })]));
    client.data(Buffer.concat([amf.string('@clearDataFrame'), amf.string('onMetaData')]));
    client.command('FCUnpublish', 9, amf.null, amf.string(KEY));
    client.command('deleteStream', 10, amf.null, amf.number(1));
    expect((await client.answer()).values[1]).to.include({ code: 'NetStream.Unpublish.Success' });
    await client.closed;

    const { flags, tags } = readFlv(await (await rig.session(0)).ended);
    expect(flags).to.equal(5);
    expect(tags).to.deep.equal([
      { type: 18, timestamp: 0, body: Buffer.concat([amf.string('onMetaData'), amf.ecmaArray(info)]) },
      { type: 8, timestamp: 0, body: AAC_CONFIGURATION },
      { type: 9, timestamp: 0, body: AVC_CONFIGURATION },
      { type: 9, timestamp: 0, body: keyFrame('first') },
      { type: 8, timestamp: 21, body: aacFrame('one') },
      { type: 9, timestamp: 0x01020304, body: interFrame('second') },
      {
        type: 18,
        timestamp: 0,
        body: Buffer.concat([amf.string('onCuePoint'), amf.object({ name: amf.string('ad') })]),
      },
    ]);
    expect(JSON.stringify(rig.lines)).to.not.contain(KEY);
  });

  it('takes commands in the form of AMF3 connections, and frames in aggregates', async () => {
    const rig = new FrontRig();
    await start(rig);
    const client = await RtmpClient.greeted(port);
    const amf3 = (streamId: number, ...values: Buffer[]) =>
      client.send({ type: 17, streamId, payload: Buffer.concat([u8(0), ...values]) });
    amf3(0, amf.string('connect'), amf.number(1), amf.object({ app: amf.string('live/?via=pc') }));
    expect((await client.answer()).name).to.equal('_result');
    amf3(1, amf.string('publish'), amf.number(0), amf.null, amf.string(KEY));
    expect((await client.answer()).values[1]).to.include({ code: 'NetStream.Publish.Start' });
    client.send({ type: 15, streamId: 1, payload: Buffer.concat([u8(0), metadata(H264_AAC)]) });
    const sub = (type: number, time: number, body: Buffer) =>
      Buffer.concat([
        u8(type),
        u32(body.length).subarray(1),
        u32(time).subarray(1),
        u8(0, 0, 0, 0),
        body,
        u32(11 + body.length),
      ]);
    const payload = Buffer.concat([
      sub(9, 700, AVC_CONFIGURATION),
      sub(9, 700, keyFrame('k')),
      sub(8, 723, aacFrame('a')),
      sub(99, 723, ascii('unknown')),
    ]);
    client.send({ type: 22, streamId: 1, timestamp: 50, payload });
    client.socket.end();
    const { tags } = readFlv(await (await rig.session(0)).ended);
    expect(tags.map(({ type, timestamp }) => [type, timestamp])).to.deep.equal([
      [18, 0],
      [9, 50],
      [9, 50],
      [8, 73],
    ]);
    expect(tags[3]!.body).to.deep.equal(aacFrame('a'));
  });

  const HEVC = 'HEVC over RTMP is not supported here: push HEVC by SRT, or H.264 by RTMP';
  const enhanced = (fourCc: string) => Buffer.concat([u8(0x90), ascii(fourCc), Buffer.alloc(40)]);
  const fourCcNumber = (fourCc: string) => amf.number(ascii(fourCc).readUInt32BE());
  const formats: [name: string, type: 8 | 9 | 18, payload: Buffer, message: string][] = [
    ['HEVC in enhanced RTMP', 9, enhanced('hvc1'), HEVC],
    ['HEVC by codec number 12', 9, u8(0x1c, 0, 0, 0, 0), HEVC],
    ['HEVC by its metadata', 18, metadata({ videocodecid: fourCcNumber('hvc1') }), HEVC],
    ['HEVC by codec number 12 in its metadata', 18, metadata({ videocodecid: amf.number(12) }), HEVC],
    ['AV1', 9, enhanced('av01'), 'AV1 over RTMP is not supported here: push H.264 by RTMP, or HEVC by SRT'],
    [
      'H.264 in enhanced RTMP',
      9,
      enhanced('avc1'),
      'H.264 in enhanced RTMP is not supported here: turn enhanced RTMP off, or push by SRT',
    ],
    [
      'a kind of enhanced RTMP that has no name',
      9,
      u8(0x96),
      'this kind of enhanced RTMP video over RTMP is not supported here: push H.264 by RTMP, or HEVC by SRT',
    ],
    ['Opus', 8, Buffer.concat([u8(0x90), ascii('Opus')]), 'Opus over RTMP is not supported here: push AAC'],
    ['audio codec 13', 8, u8(0xd0, 1), 'audio codec 13 over RTMP is not supported here: push AAC'],
  ];
  for (const [name, type, payload, description] of formats) {
    it(`refuses ${name} before a session begins, and says what to do`, async () => {
      const rig = new FrontRig();
      await start(rig);
      const [client] = await RtmpClient.publisher(port, KEY);
      client.send({ type, streamId: 1, payload });
      expect(await client.answer()).to.deep.equal({
        name: 'onStatus',
        transaction: 0,
        values: [null, { level: 'error', code: 'NetStream.Publish.Denied', description }],
      });
      await client.closed;
      expect(await rig.line('caller refused')).to.include({ reason: 'format', why: description });
      expect(await rig.metric('media_input_refused_total', { reason: 'format' })).to.equal(1);
      expect(rig.taken).to.have.length(0);
      const [next] = await RtmpClient.publisher(port, KEY);
      next.video(0, AVC_CONFIGURATION);
      await rig.session(0);
    });
  }

  it('ends the session of a publisher that goes over to HEVC', async () => {
    const rig = new FrontRig();
    await start(rig);
    const [client] = await RtmpClient.publisher(port, KEY);
    client.audio(0, AAC_CONFIGURATION);
    client.video(10, enhanced('hvc1'));
    // It reads the answer only after all that it had to say.
    for (let i = 1; i < 20; i++) client.audio(20 * i, aacFrame('too late'.repeat(20_000)));
    expect((await client.answer()).values[1]).to.include({ description: HEVC });
    const { tags } = readFlv(await (await rig.session(0)).ended);
    expect(tags.map(({ body }) => body)).to.deep.equal([AAC_CONFIGURATION]);
    expect(await rig.metric('media_input_connected')).to.equal(0);
  });

  it('judges the key before it says that the channel is busy', async () => {
    const rig = new FrontRig();
    await start(rig);
    await RtmpClient.publisher(port, KEY);
    const [, guess] = await RtmpClient.publisher(port, 'a guess');
    expect(guess.values[1]).to.include({ code: 'NetStream.Publish.Denied' });
    const [, second] = await RtmpClient.publisher(port, KEY);
    expect(second.values[1]).to.include({ level: 'error', code: 'NetStream.Publish.BadName' });
    for (const [app, key] of [
      ['live', ''],
      ['', KEY],
      ['live/more', KEY],
    ]) {
      const [, answer] = await RtmpClient.publisher(port, key!, app);
      expect(answer.values[1]).to.include({ code: 'NetStream.Publish.Denied' });
    }
  });

  it('closes connections that are slow on purpose, at the handshake, before publish and after it', async () => {
    const rig = new FrontRig();
    await start(rig, { handshakeMs: 60, publishMs: 70, idleMs: 80 });
    const silent = await RtmpClient.open(port);
    silent.socket.write(u8(3));
    await silent.closed;
    expect((await rig.line(ENDED))['why']).to.equal('no handshake within 0.06 s');

    const dripping = await RtmpClient.greeted(port);
    dripping.command('connect', 1, amf.object({ app: amf.string('live') }));
    const drip = setInterval(() => dripping.command('_checkbw', 2, amf.null), 10);
    await dripping.closed;
    clearInterval(drip);
    expect((await rig.line(ENDED, 1))['why']).to.equal('no publish command within 0.07 s');

    const [idle] = await RtmpClient.publisher(port, KEY);
    idle.audio(0, AAC_CONFIGURATION);
    const pings = setInterval(() => idle.send({ type: 4, chunkStream: 2, payload: Buffer.alloc(6) }), 10);
    await idle.closed;
    clearInterval(pings);
    await (
      await rig.session(0)
    ).ended;
    expect((await rig.line('caller has gone'))['why']).to.equal('no audio or video for 0.08 s');
  });

  it('keeps a publisher for as long as it sends', async () => {
    const rig = new FrontRig();
    await start(rig, { idleMs: 400 });
    const [client] = await RtmpClient.publisher(port, KEY);
    for (let i = 0; i < 6; i++) {
      client.audio(100 * i, aacFrame(String(i)));
      await delay(100);
    }
    client.socket.end();
    expect(readFlv(await (await rig.session(0)).ended).tags).to.have.length(6);
    expect((await rig.line('caller has gone'))['why']).to.equal('the peer closed the connection');
  });

  it('gives a refused peer a moment to leave, and no more', async () => {
    const rig = new FrontRig();
    await start(rig, { lingerMs: 50 });
    const client = await RtmpClient.greeted(port);
    client.socket.allowHalfOpen = true;
    client.command('connect', 1, amf.object({ app: amf.string('live') }));
    client.command('play', 2, amf.null, amf.string('any'));
    await once(client.socket, 'end');
    const staying = setInterval(() => client.command('_checkbw', 3, amf.null), 10);
    await client.closed;
    clearInterval(staying);
  });

  it('closes the oldest of too many connections without a key, and never the publisher', async () => {
    const rig = new FrontRig();
    await start(rig);
    const [publisher] = await RtmpClient.publisher(port, KEY);
    publisher.audio(0, AAC_CONFIGURATION);
    const { session } = await rig.session(0);
    const waiting: RtmpClient[] = [];
    for (let i = 0; i < 16; i++) waiting.push(await RtmpClient.greeted(port));
    expect(await rig.metric('media_input_refused_total', { reason: 'busy' })).to.equal(0);
    const [, answer] = await RtmpClient.publisher(port, KEY);
    expect(answer.values[1], 'the newest is heard').to.include({ code: 'NetStream.Publish.BadName' });
    await waiting[0]!.closed;
    expect((await rig.line('caller refused'))['why']).to.equal(
      'more than 16 connections without a stream: the oldest is closed',
    );
    expect(session.media.readableEnded).to.equal(false);
    publisher.audio(21, aacFrame('still here'));
    publisher.socket.end();
    expect(readFlv(await rig.taken[0]!.ended).tags).to.have.length(2);
  });

  it('acknowledges what it has received, at the window that the publisher asks for', async () => {
    const rig = new FrontRig();
    await start(rig);
    const [client] = await RtmpClient.publisher(port, KEY);
    client.send({ type: 5, chunkStream: 2, payload: u32(1000) });
    client.video(0, keyFrame(Buffer.alloc(2000)));
    const sent = client.socket.bytesWritten;
    let acknowledged = 0;
    while (acknowledged <= sent - 1000) acknowledged = (await client.message(3)).payload.readUInt32BE();
    expect(acknowledged).to.be.at.most(sent);
    client.send({ type: 4, chunkStream: 2, payload: Buffer.concat([u16(6), u32(0xfeedbeef)]) });
    expect((await client.message(4)).payload).to.deep.equal(Buffer.concat([u16(7), u32(0xfeedbeef)]));
    const acknowledgements = () => client.messages.filter(({ type }) => type === 3).length;
    const before = acknowledgements();
    for (let i = 0; i < 5; i++) {
      client.send({ type: 4, chunkStream: 2, payload: Buffer.concat([u16(6), u32(i)]) });
      await client.message(4);
    }
    expect(acknowledgements(), 'for less than the window').to.equal(before);
  });

  it('closes a peer that asks on and on and reads no answer', async () => {
    const rig = new FrontRig();
    await start(rig);
    const [client] = await RtmpClient.publisher(port, KEY);
    client.socket.pause();
    const ping = chunks({ type: 4, chunkStream: 2, payload: Buffer.concat([u16(6), u32(1)]) })[0]!;
    const pings = Buffer.concat(Array.from({ length: 4000 }, () => ping));
    const closed = rig.line(ENDED);
    while (rig.count(ENDED) === 0) {
      const written = new Promise((resolve) => client.socket.write(pings, resolve));
      await Promise.race([written, closed]);
    }
    expect((await closed)['why']).to.equal(
      'it does not speak RTMP as it should: it does not read its answers',
    );
  });

  it('says why it closes what is no RTMP, and counts it', async () => {
    const rig = new FrontRig();
    await start(rig);
    const begins: [bytes: Buffer, why: string][] = [
      [ascii('GET / HTTP/1.1\r\n\r\n'), 'the first byte is 71; RTMP begins with 3'],
      [u8(6), 'RTMPE is not supported: push plain RTMP, or SRT with a passphrase'],
    ];
    for (const [index, [bytes, why]] of begins.entries()) {
      const client = await RtmpClient.open(port);
      client.socket.write(bytes);
      await client.closed;
      const line = await rig.line('caller refused', index);
      expect(line).to.include({ reason: 'format', why: `it does not speak RTMP as it should: ${why}` });
    }
    const wrong: [sent: readonly Sent[], why: string][] = [
      [[{ type: 9, payload: keyFrame('early') }], 'media before a stream was published'],
      [[{ type: 20, payload: amf.null }], 'a command without a name and a number'],
      [
        [{ type: 20, payload: Buffer.concat([amf.string('publish'), amf.number(1)]) }],
        'a command before connect',
      ],
      [
        [{ type: 20, payload: Buffer.alloc(16 * 1024 + 1) }],
        'a message of 16385 bytes; at most 16384 are accepted',
      ],
      [[{ type: 22, payload: u8(9, 0, 0, 9) }], 'an aggregate that is cut off'],
    ];
    for (const [index, [sent, why]] of wrong.entries()) {
      const client = await RtmpClient.greeted(port);
      client.send(...sent);
      await client.closed;
      expect((await rig.line('caller refused', 2 + index))['why']).to.equal(
        `it does not speak RTMP as it should: ${why}`,
      );
    }
    expect(await rig.metric('media_input_refused_total', { reason: 'format' })).to.equal(7);
  });

  it('survives anything that is sent after the handshake, and takes a publisher afterwards', async function () {
    this.timeout(20_000);
    const rig = new FrontRig();
    await start(rig);
    const command = fc
      .array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 })
      .map((values) => Buffer.concat([amf.string('connect'), amf.number(1), ...values]));
    const sent = fc.record({
      type: fc.integer({ min: 0, max: 25 }),
      payload: fc.oneof(
        command,
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      ),
      streamId: fc.integer({ min: 0, max: 3 }),
    });
    const noise = fc.array(
      fc.oneof(
        sent.map((s) => chunks(s)),
        fc.uint8Array({ maxLength: 100 }).map((bytes) => [Buffer.from(bytes)]),
      ),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(fc.boolean(), noise, async (publishing, all) => {
        const [client] = publishing
          ? await RtmpClient.publisher(port, KEY)
          : [await RtmpClient.greeted(port)];
        client.socket.write(Buffer.concat(all.flat()));
        client.socket.end();
        await client.closed;
      }),
      { numRuns: 150 },
    );
    const before = rig.taken.length;
    const [client, answer] = await RtmpClient.publisher(port, KEY);
    expect(answer.values[1]).to.include({ code: 'NetStream.Publish.Start' });
    client.audio(0, AAC_CONFIGURATION);
    await rig.session(before);
  });

  it('drops whole frames up to a key frame when it is not read in time, and counts them', async () => {
    const rig = new FrontRig(false);
    await start(rig, { bufferBytes: 100_000 });
    const [client] = await RtmpClient.publisher(port, KEY);
    client.video(0, AVC_CONFIGURATION);
    const frame = (content: string) => Buffer.alloc(20_000, content);
    client.video(0, keyFrame(frame('0')));
    for (let i = 1; i <= 9; i++) {
      client.video(40 * i, interFrame(frame(String(i))));
      client.audio(40 * i, aacFrame(`sound ${i}`));
    }
    const { session } = await rig.session(0);
    await rig.line('media is dropped: it is not read in time');
    // A new configuration that comes meanwhile is needed for what follows.
    const configuration = Buffer.concat([AVC_CONFIGURATION, ascii(' two')]);
    client.video(400, configuration);
    client.video(400, keyFrame(frame('still no room')));
    // Its answer shows that all of that has arrived.
    client.send({ type: 4, chunkStream: 2, payload: Buffer.concat([u16(6), u32(0xfeedbeef)]) });
    while ((await client.message(4)).payload.readUInt32BE(2) !== 0xfeedbeef);
    const read: Buffer[] = [];
    session.media.on('data', (chunk: Buffer) => read.push(chunk));
    while (session.media.readableLength > 0) await once(session.media, 'data');
    client.video(440, interFrame(frame('useless')));
    client.audio(440, aacFrame('useless'));
    client.video(480, keyFrame(frame('again')));
    client.audio(490, aacFrame('again'));
    client.socket.end();
    await rig.taken[0]!.ended;

    const { tags } = readFlv(Buffer.concat(read));
    const kept = tags.map(({ type, timestamp }) => `${type} ${timestamp}`);
    expect(kept).to.deep.equal([
      ...['9 0', '9 0', '9 40', '8 40', '9 80', '8 80', '9 120', '8 120'],
      ...['9 400', '9 480', '8 490'],
    ]);
    expect(tags.at(-3)!.body).to.deep.equal(configuration);
    const total = (await rig.metric('media_input_bytes_total'))!;
    const keptBytes = tags.reduce((sum, { body }) => sum + body.length, 0);
    expect(await rig.metric('media_input_dropped_bytes_total')).to.equal(total - keptBytes);
    expect((await rig.line('caller has gone'))['droppedBytes']).to.equal(total - keptBytes);
    expect(rig.count('media is dropped: it is not read in time'), 'told once').to.equal(1);
  });

  it('gives what was buffered to a reader that begins after the publisher has gone', async () => {
    const rig = new FrontRig(false);
    await start(rig);
    const [client] = await RtmpClient.publisher(port, KEY);
    client.audio(0, AAC_CONFIGURATION);
    client.audio(21, aacFrame('x'.repeat(70_000)));
    client.socket.end();
    await rig.line('caller has gone');
    const { tags } = readFlv(await readAll(rig.taken[0]!.session.media));
    expect(tags.map(({ body }) => body.length)).to.deep.equal([4, 70_002]);
  });

  it('names every wrong setting at once, and no key', async () => {
    const wrong = {
      host: '127.0.0.1',
      port: 70_000,
      app: 'a b',
      keys: ['fine-but-secret', 'with space', ''],
    };
    const error = (await rejection(startRtmpFront(wrong, new FrontRig().options))) as Error;
    expect(error.message.split('\n')).to.deep.equal([
      'RTMP cannot be started:',
      'keys: 3 given; allowed: one, or two while one replaces the other',
      'keys[1]: allowed: 1 to 255 characters of ASCII without spaces',
      'keys[2]: allowed: 1 to 255 characters of ASCII without spaces',
      'port: 70000; allowed: 0 (any free one) to 65535',
      'app: "a b"; allowed: letters, digits and . _ - in parts joined by /',
    ]);
  });

  it('says which port is in use', async () => {
    const other = createServer();
    const taken = await listen(other, 0, '127.0.0.1');
    const settings = { host: '127.0.0.1', port: taken, keys: [KEY] };
    const error = (await rejection(startRtmpFront(settings, new FrontRig().options))) as Error;
    await new Promise((resolve) => other.close(resolve));
    expect(error.message).to.equal(
      `RTMP cannot listen on 127.0.0.1, TCP port ${taken}: another program listens there. Stop it, or choose another port.`,
    );
  });
});
