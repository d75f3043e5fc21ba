import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { SyntheticChannel, SMALL_GRID } from '../../support/channel';
import { SentBytes } from '../../../encoder/origin/sent-bytes';
import { closeRigs, startRig } from './rig';

describe('the bytes that an origin has sent', () => {
  afterEach(closeRigs);

  it('are what its clients have received, headers included, of open connections and of closed ones', async () => {
    const channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
    await channel.tick(6);
    const rig = await startRig({ stores: channel.stores });
    expect(rig.server.sentBytes()).to.equal(0);
    const fetched = async (path: string): Promise<number> => {
      const socket = connect(rig.server.httpPort, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: origin\r\nconnection: close\r\n\r\n`);
      return (await buffer(socket)).length;
    };
    const playlist = await fetched('/live/news/720p.m3u8');
    expect(playlist).to.be.greaterThan(500);
    expect(rig.server.sentBytes()).to.equal(playlist);
    const part = await fetched('/live/news/p/720p/850000000.0.m4s');
    const missing = await fetched('/live/news/p/720p/1.0.m4s');
    expect(rig.server.sentBytes()).to.equal(playlist + part + missing);
  });

  it('never get less, however connections end', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('12345');
    });
    const sent = new SentBytes(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = connect(portOf(server), '127.0.0.1');
    await once(client, 'data');
    expect(sent.total).to.equal(5);
    const second = once(server, 'connection') as Promise<[Socket]>;
    const other = connect(portOf(server), '127.0.0.1');
    const [socket] = await second;
    socket.destroy();
    await once(other.resume(), 'close');
    client.resetAndDestroy();
    await once(server.close(), 'close');
    expect(sent.total).to.equal(10);
  });
});

const portOf = (server: ReturnType<typeof createServer>): number => (server.address() as AddressInfo).port;
