import { once } from 'node:events';
import { expect } from 'chai';
import type { InputFront } from '../../../encoder/ingest/front';
import { startRtmpFront, type RtmpSettings } from '../../../encoder/ingest/rtmp';
import { Clips, FrontRig, push, stopPushers } from './front-rig';

const KEY = 'studio-4f1c9ab2';
const NEXT_KEY = 'studio-77d0e3c8';

describe('RTMP front with real publishers', function () {
  this.timeout(30_000);
  let clips: Clips;
  let clip: string;
  let front: InputFront | undefined;

  before(async () => {
    clips = await Clips.make();
    clip = await clips.clip('two-seconds.flv', 2);
  });

  afterEach(async () => {
    stopPushers();
    await front?.close();
    front = undefined;
  });

  after(() => clips.remove());

  async function start(rig: FrontRig, settings: Partial<RtmpSettings> = {}): Promise<string> {
    front = await startRtmpFront({ host: '127.0.0.1', port: 0, keys: [KEY], ...settings }, rig.options);
    return front.url;
  }

  /** A publisher that sends the clip as it is. */
  const copy = (url: string, file: string, ...speed: readonly string[]) =>
    push(...speed, '-copyts', '-i', file, '-map', '0', '-c', 'copy', '-f', 'flv', url);

  it('gives the stream of a publisher as FLV, packet for packet, and ends with it', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    expect(url).to.match(/^rtmp:\/\/127\.0\.0\.1:\d+\/live$/);
    expect(await copy(`${url}/${KEY}`, clip).ended).to.include({ code: 0 });
    const { session, ended } = await rig.session(0);
    const received = await clips.write('received.flv', await ended);
    expect(session.container).to.equal('flv');
    expect(await clips.frames(received)).to.deep.equal({ h264: 60, aac: 95 });
    expect(await clips.packets(received)).to.deep.equal(await clips.packets(clip));
    const accepted = await rig.line('caller accepted');
    expect(accepted).to.include({ address: session.address, container: 'flv' });
    expect(session.address).to.match(/^127\.0\.0\.1:\d+$/);
    const gone = await rig.line('caller has gone');
    expect(gone).to.include({
      address: session.address,
      why: 'the publisher ended the stream',
      droppedBytes: 0,
    });
    expect(await rig.metric('media_input_bytes_total')).to.equal(gone['bytes']);
    expect(await rig.metric('media_input_sessions_total')).to.equal(1);
    expect(await rig.metric('media_input_connected')).to.equal(0);
  });

  it('keeps times beyond 4.66 hours, where they need more than 24 bits', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    // One second before 0xFFFFFF ms to one second after.
    const late = push(
      ...[
        '-i',
        clip,
        '-map',
        '0',
        '-c',
        'copy',
        '-output_ts_offset',
        '16776.2',
        '-f',
        'flv',
        `${url}/${KEY}`,
      ],
    );
    expect(await late.ended).to.include({ code: 0 });
    const received = await clips.write('late.flv', await (await rig.session(0)).ended);
    const moved = (await clips.packets(clip)).map((line) => {
      const [stream, dts, pts, ...rest] = line.split(',');
      return [
        stream,
        Number(dts) + 16_776_200,
        Number(pts) + 16_776_200,
        ...rest.map((field) => field.trim()),
      ].join();
    });
    const found = (await clips.packets(received)).map((line) =>
      line
        .split(',')
        .map((field) => field.trim())
        .join(),
    );
    expect(found).to.deep.equal(moved);
    expect(await clips.frames(received)).to.deep.equal({ h264: 60, aac: 95 });
  });

  it('names the tracks that come, so that a reader waits for no other', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const silent = push('-i', clip, '-an', '-c', 'copy', '-f', 'flv', `${url}/${KEY}`);
    expect(await silent.ended).to.include({ code: 0 });
    const flv = await (await rig.session(0)).ended;
    expect(flv[4], 'flags of the header: video alone').to.equal(1);
    expect(await clips.frames(await clips.write('silent.flv', flv))).to.deep.equal({ h264: 60 });
  });

  it('refuses a second publisher while the first is received complete', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const first = copy(`${url}/${KEY}`, clip, '-re');
    const { session, ended } = await rig.session(0);
    const second = await copy(`${url}/${KEY}`, clip).ended;
    expect(second.code).to.not.equal(0);
    expect(second.said).to.contain(
      'Server error: another publisher is on this channel: stop that one first, or wait until it is gone',
    );
    expect(await rig.metric('media_input_connected'), 'the first goes on').to.equal(1);
    const refused = await rig.line('caller refused');
    expect(refused).to.include({ reason: 'busy', level: 40 });
    expect(refused['address'])
      .to.match(/^127\.0\.0\.1:\d+$/)
      .and.not.equal(session.address);
    expect((await first.ended).code).to.equal(0);
    const received = await clips.write('first.flv', await ended);
    expect(await clips.packets(received)).to.deep.equal(await clips.packets(clip));
    expect(await rig.metric('media_input_refused_total', { reason: 'busy' })).to.equal(1);
    expect(await rig.metric('media_input_sessions_total')).to.equal(1);
  });

  it('refuses a wrong key and a wrong application with what to do, and takes either of two keys', async () => {
    const rig = new FrontRig();
    const url = await start(rig, { keys: [KEY, NEXT_KEY] });
    const wrongKey = await copy(`${url}/typed-wrong-551`, clip).ended;
    expect(wrongKey.code).to.not.equal(0);
    expect(wrongKey.said).to.contain('the stream key is not valid here: check it in the encoder');
    const wrongApp = await copy(`${url.replace('/live', '/show')}/${KEY}`, clip).ended;
    expect(wrongApp.said).to.contain('the address ends in the wrong application: push to /live');
    expect(rig.taken).to.have.length(0);
    expect(await rig.metric('media_input_refused_total', { reason: 'stream-id' })).to.equal(2);
    expect((await rig.line('caller refused', 1))['reason']).to.equal('stream-id');
    for (const key of [KEY, NEXT_KEY]) expect((await copy(`${url}/${key}`, clip).ended).code).to.equal(0);
    await rig.line('caller has gone', 1);
    const told = JSON.stringify(rig.lines) + (await rig.registry.metrics()) + url;
    for (const secret of [KEY, NEXT_KEY, 'typed-wrong-551']) expect(told).to.not.contain(secret);
  });

  it('gives a publisher that comes back a session of its own', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const expected = await clips.packets(clip);
    for (const index of [0, 1]) {
      expect((await copy(`${url}/${KEY}`, clip).ended).code).to.equal(0);
      const received = await clips.write(`session-${index}.flv`, await (await rig.session(index)).ended);
      expect(await clips.packets(received)).to.deep.equal(expected);
    }
    expect(await rig.metric('media_input_sessions_total')).to.equal(2);
  });

  it('ends the session of a publisher that is killed, and takes the next', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const first = copy(`${url}/${KEY}`, clip, '-re');
    const { ended } = await rig.session(0);
    first.child.kill('SIGKILL');
    await ended;
    expect((await rig.line('caller has gone'))['why']).to.match(
      /^the (peer closed the connection|connection broke)/,
    );
    expect(await rig.metric('media_input_connected')).to.equal(0);
    expect((await copy(`${url}/${KEY}`, clip).ended).code).to.equal(0);
    expect(await (await rig.session(1)).ended).to.have.length.above(10_000);
  });

  it('refuses a player, and says where viewers go', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const { code, said } = await push('-i', `${url}/${KEY}`, '-f', 'null', '-').ended;
    expect(code).to.not.equal(0);
    expect(said).to.contain('there is nothing to play by RTMP, viewers use HLS');
    expect((await rig.line('caller refused'))['reason']).to.equal('stream-id');
  });

  it('ends the session and frees the port when it is closed', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const pusher = copy(`${url}/${KEY}`, clip, '-re');
    const { ended } = await rig.session(0);
    await front!.close();
    expect((await ended).toString('latin1', 0, 3)).to.equal('FLV');
    expect((await pusher.ended).code).to.not.equal(0);
    const again = await startRtmpFront(
      { host: '127.0.0.1', port: Number(new URL(url).port), keys: [KEY] },
      rig.options,
    );
    expect(again.url).to.equal(url);
    await again.close();
  });

  it('ends a publisher whose stream nobody reads any more', async () => {
    const rig = new FrontRig();
    const url = await start(rig);
    const pusher = copy(`${url}/${KEY}`, clip, '-re');
    const { session } = await rig.session(0);
    session.media.destroy();
    await once(session.media, 'close');
    expect((await rig.line('caller has gone'))['why']).to.equal('the stream is not read any more');
    expect((await pusher.ended).code).to.not.equal(0);
  });
});
