import { expect } from 'chai';
import fc from 'fast-check';
import {
  collisions,
  isPort,
  isRange,
  overlap,
  within,
  type HostPorts,
} from '../../../components/ingest/ports';

const range = fc
  .tuple(fc.integer({ min: 1024, max: 32_767 }), fc.integer({ min: 1024, max: 32_767 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('the ports of SrtIngest', () => {
  it('overlap where they have a port in common', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const common = Math.min(a.to, b.to) >= Math.max(a.from, b.from);
        expect(overlap(a, b)).to.equal(common);
        expect(overlap(b, a)).to.equal(common);
      }),
    );
  });

  it('are whole numbers in the range of programs that listen', () => {
    for (const good of [1024, 9000, 32_767]) expect(isPort(good), String(good)).to.equal(true);
    for (const bad of [1023, 32_768, 9000.5, '9000', undefined, NaN]) expect(isPort(bad)).to.equal(false);
    expect(isRange({ from: 9000, to: 9000 })).to.equal(true);
    for (const bad of [undefined, 9000, {}, { from: 9001, to: 9000 }]) expect(isRange(bad)).to.equal(false);
  });

  const channels = fc.array(
    fc.record({
      id: fc.string({ minLength: 1 }),
      zone: fc.constantFrom('a', 'b'),
      port: fc.integer({ min: 9000, max: 9010 }),
      healthPort: fc.integer({ min: 9000, max: 9010 }),
    }),
    { maxLength: 8 },
  );

  it('collide where two channels of a zone want one, UDP and TCP apart, and only then', () => {
    fc.assert(
      fc.property(channels, fc.subarray([9001, 9005]), (given, reserved) => {
        const found = collisions(given, reserved);
        const without = (property: 'port' | 'healthPort', of: (one: HostPorts) => string): number =>
          given.filter(
            (one, n) =>
              given.slice(0, n).some((other) => of(other) === of(one)) ||
              (property === 'healthPort' && reserved.includes(one.healthPort)),
          ).length;
        const expected = {
          port: without('port', ({ zone, port }) => `${zone} ${port}`),
          healthPort: without('healthPort', ({ zone, healthPort }) => `${zone} ${healthPort}`),
        };
        for (const property of ['port', 'healthPort'] as const) {
          expect(found.filter((one) => one.property === property)).to.have.length(expected[property]);
        }
      }),
    );
  });

  it('name the holder', () => {
    const taken = { zone: 'a', port: 9000, healthPort: 9001 };
    expect(
      collisions(
        [
          { id: 'x', ...taken },
          { id: 'y', ...taken },
        ],
        [],
      ),
    ).to.deep.equal([
      { id: 'y', property: 'port', port: 9000, holder: 'channels.x.port' },
      { id: 'y', property: 'healthPort', port: 9001, holder: 'channels.x.healthPort' },
    ]);
    expect(within(9049, { from: 9000, to: 9049 })).to.equal(true);
    expect(within(9050, { from: 9000, to: 9049 })).to.equal(false);
  });
});
