import { expect } from 'chai';
import fc from 'fast-check';
import { assignPurchase, type PurchaseMix } from '../../../../components/encode/fleet';
import { CHANNEL_ALARMS } from '../../../../components/encode/fleet/alarms';
import { recordFleet, NETWORK } from './fleet-recording';

const REFERENCE: PurchaseMix = { committed: 70, spot: 20, 'on-demand': 10 };
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `channel-${n}`);

const mixes = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]): PurchaseMix => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return { committed: low, 'on-demand': high - low, spot: 100 - high };
  });

describe('the assignment of channels to ways of paying', () => {
  it('gives each its part of many channels', () => {
    const counts: Record<string, number> = {};
    for (const channel of ids(10_000)) {
      const option = assignPurchase(REFERENCE, { channel, acceptsInterruption: true })!;
      counts[option] = (counts[option] ?? 0) + 1;
    }
    // Three standard deviations of 10,000 draws are 1.4 % at most.
    expect(counts['committed']).to.be.closeTo(7000, 140);
    expect(counts['spot']).to.be.closeTo(2000, 140);
    expect(counts['on-demand']).to.be.closeTo(1000, 140);
  });

  it('is of fixed channels these, so that a new version moves none', () => {
    const of = (acceptsInterruption: boolean) =>
      ['news', 'sport', 'film', 'kids', 'music'].map((channel) =>
        assignPurchase(REFERENCE, { channel, acceptsInterruption }),
      );
    expect(of(true)).to.deep.equal(['committed', 'committed', 'committed', 'spot', 'committed']);
    expect(of(false)).to.deep.equal(['committed', 'committed', 'committed', 'on-demand', 'committed']);
  });

  it('never puts on Spot what does not accept interruption, and has a place for it where there is another', () => {
    fc.assert(
      fc.property(mixes, fc.string({ minLength: 1 }), (mix, channel) => {
        const option = assignPurchase(mix, { channel, acceptsInterruption: false });
        expect(option).not.to.equal('spot');
        expect(option === undefined).to.equal(mix.spot === 100);
      }),
    );
  });

  it('never gives an option that has no part', () => {
    fc.assert(
      fc.property(mixes, fc.string({ minLength: 1 }), fc.boolean(), (mix, channel, acceptsInterruption) => {
        const option = assignPurchase(mix, { channel, acceptsInterruption });
        if (option !== undefined) expect(mix[option]).to.be.greaterThan(0);
      }),
    );
  });

  it('moves only as many channels as the mix changes by', () => {
    const at = (mix: PurchaseMix) =>
      ids(2000).map((channel) => assignPurchase(mix, { channel, acceptsInterruption: true }));
    const before = at({ committed: 70, 'on-demand': 30 });
    const after = at({ committed: 60, 'on-demand': 40 });
    const moved = before.filter((option, n) => option !== after[n]);
    expect(moved.length).to.be.closeTo(200, 60);
    expect(new Set(moved)).to.deep.equal(new Set(['committed']));
  });

  it('does not change in the graph when channels are added, removed or put into another order', async () => {
    const channel = (n: number) => ({
      zone: 'use1-az4',
      ladder: 'h264-1080p' as const,
      port: 9000 + n,
      acceptInterruption: true,
    });
    const record = async (numbers: readonly number[]) => {
      const channels = Object.fromEntries(numbers.map((n) => [`c${n}`, channel(n)]));
      const fleet = await recordFleet({ network: NETWORK, purchase: REFERENCE, channels });
      const own = fleet.resources.filter(({ name }) => /^live-channel-c[123]-/.test(name));
      return own.map(({ urn, inputs, dependencies }) => JSON.stringify([urn, inputs, dependencies])).sort();
    };
    const three = await record([1, 2, 3]);
    expect(three).to.have.length(3 * (4 + CHANNEL_ALARMS.length));
    expect(await record([3, 1, 2])).to.deep.equal(three);
    expect(await record([7, 3, 4, 2, 1, 5, 9])).to.deep.equal(three);
  });
});
