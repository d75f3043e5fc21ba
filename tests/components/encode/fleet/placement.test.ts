import { InputPropertiesError } from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { PURCHASE_OPTIONS, type FleetChannelArgs } from '../../../../components/encode/fleet';
import { normalise, type NormalFleet } from '../../../../components/encode/fleet/normalise';
import type { NormalChannel } from '../../../../components/encode/fleet/normal-channels';
import { instancesFor } from '../../../../components/encode/fleet/packing';
import { FRAME_RATES, LADDERS, LADDER_NAMES } from '../../../../encoder/contract';
import { GPU_INSTANCES } from '../../../../encoder/contract/gpu-instances';
import { expectWithin } from '../gpu-use';
import { NETWORK, STORE, minimal } from './fleet-recording';

const TYPES = [
  ...['g4dn.xlarge', 'g4dn.4xlarge', 'g5.xlarge', 'g5.2xlarge', 'g5.8xlarge'],
  ...['g6.xlarge', 'g6.4xlarge', 'g6e.xlarge', 'g6e.2xlarge'],
];

const channel: fc.Arbitrary<FleetChannelArgs> = fc.record({
  zone: fc.constantFrom(...Object.keys(NETWORK.zones)),
  ladder: fc.constantFrom(...LADDER_NAMES),
  frameRate: fc.constantFrom(...FRAME_RATES),
  purchase: fc.constantFrom(...PURCHASE_OPTIONS),
  acceptInterruption: fc.constant(true),
  deployment: fc.constantFrom('stopStart', 'handover'),
});

const fleet = fc.record({
  channels: fc.array(channel, { minLength: 1, maxLength: 25 }),
  instanceTypes: fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }),
  percent: fc.integer({ min: 10, max: 70 }),
});

type Given = typeof fleet extends fc.Arbitrary<infer T> ? T : never;

/** A fleet of those channels that it takes. */
function fleetOf({ channels, instanceTypes, percent }: Given): NormalFleet {
  const all = channels.map((each, n): [string, FleetChannelArgs] => [`c${n}`, { ...each, port: 2000 + n }]);
  const make = (given: typeof all): NormalFleet =>
    normalise('a fleet', {
      ...minimal(STORE),
      network: NETWORK,
      allowUnlistedOffers: true,
      instanceTypes,
      purchase: { committed: 100, 'on-demand': 0, spot: 0 },
      margin: percent / 100,
      maxInstances: 100,
      channels: Object.fromEntries(given),
    });
  try {
    return make(all);
  } catch (error) {
    if (!(error instanceof InputPropertiesError)) throw error;
    const refused = (error as { errors: { propertyPath: string }[] }).errors.map((each) => each.propertyPath);
    return make(all.filter(([id]) => !refused.includes(`channels.${id}.ladder`)));
  }
}

/** Channels on instances as ECS could place them: each where its units are free, and anywhere that they are. */
function placed(channels: readonly NormalChannel[], units: number, dice: () => number): NormalChannel[][] {
  const instances: { free: number; channels: NormalChannel[] }[] = [];
  for (const each of channels) {
    const { cpuUnits } = each.placement;
    const open = instances.filter(({ free }) => free >= cpuUnits);
    // Also a new one, as where the tasks that leave room now left it later.
    const at = open[Math.floor(dice() * (open.length + 0.2))] ?? { free: units, channels: [] };
    if (at.channels.length === 0) instances.push(at);
    at.free -= cpuUnits;
    at.channels.push(each);
  }
  return instances.map((instance) => instance.channels);
}

describe('channels on the instances of a fleet', () => {
  it('ask no GPU and no machine for more than it has, whatever ladders, types and places there are', () => {
    let shared = 0;
    fc.assert(
      fc.property(fleet, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (given, dice) => {
        const { channels, pools } = fleetOf(given);
        const next = (): number => dice.next().value as number;
        for (const { key, instanceType } of pools.values()) {
          const own = [...channels.values()].filter(({ pool }) => pool.key === key);
          const units = GPU_INSTANCES.get(instanceType)!.vcpus * 1024;
          for (const together of placed(own, units, next)) {
            if (together.length > 1) shared++;
            const loads = together.map(({ ladder, frameRate }) => ({ ladder: LADDERS[ladder], frameRate }));
            expectWithin(instanceType, loads, given.percent / 100);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(shared).to.be.above(100);
  });

  it('fit on as many as the group may have, those that change hands twice, and on two of them', () => {
    fc.assert(
      fc.property(fleet, (given) => {
        const { channels, pools } = fleetOf(given);
        for (const { key, instanceType } of pools.values()) {
          const own = [...channels.values()].filter(({ pool }) => pool.key === key);
          const units = GPU_INSTANCES.get(instanceType)!.vcpus * 1024;
          const wanted = own.reduce(
            (total, { placement: { cpuUnits }, deployment }) =>
              total + cpuUnits * (deployment === 'handover' ? 2 : 1),
            0,
          );
          const needed = instancesFor(own);
          expect(needed).to.be.at.least(Math.ceil(wanted / units));
          const least = own.some(({ deployment }) => deployment === 'handover') ? 2 : Math.sign(own.length);
          expect(needed).to.be.at.least(least);
          // First fit leaves no two that are less than half full, but for the second task of what changes hands.
          expect(needed).to.be.at.most(Math.max(least, Math.ceil((2 * wanted) / units)));
        }
      }),
      { numRuns: 100 },
    );
  });
});
