import { expect } from 'chai';
import { ChannelFollower } from '../../../encoder/origin/channel-follower';
import type { ChannelState } from '../../../encoder/origin/channel-state';
import { createLogger } from '../../../encoder/telemetry/log';
import { SyntheticChannel } from '../../support/channel';

const view = (state: ChannelState | undefined) =>
  state?.segments.map(({ record, complete }) => [record.ticks, complete]);

describe('an origin that starts while the next segment is claimed already', () => {
  it('goes on in the segment that is being written, tick by tick', async () => {
    const channel = await SyntheticChannel.begin();
    await channel.tick(11);
    const follower = new ChannelFollower({
      stores: channel.stores,
      channel: channel.id,
      windowSeconds: 60,
      log: createLogger('test', 'silent'),
    });
    await follower.start();
    expect(view(follower.state)).to.deep.equal([[11, false]]);
    await channel.tick(3);
    await new Promise<void>((resolve) => {
      const unsubscribe = follower.subscribe(() => {
        if (follower.state?.segments.at(-1)?.record.ticks !== 2) return;
        unsubscribe();
        resolve();
      });
    });
    expect(view(follower.state)).to.deep.equal([
      [12, true],
      [2, false],
    ]);
    follower.close();
  });
});
