import { expect } from 'chai';
import fc from 'fast-check';
import {
  allocatableMillicores,
  nodesInAnyOrder,
  requestMillicores,
  roomMillicores,
} from '../../../components/eks/capacity';
import { TIME_SLICES } from '../../../components/eks/device-plugin';
import { placement } from '../../../components/encode/capacity';
import { FRAME_RATES, LADDERS } from '../../../encoder/contract';
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';

const WHOLE = [...GPU_INSTANCES.values()].filter(({ gpus }) => gpus === 1);

describe('what a channel requests of a Kubernetes node', () => {
  it('is of what the kubelet leaves, by the steps of the EKS images', () => {
    expect([2, 4, 8, 16, 32, 64].map(allocatableMillicores)).to.deep.equal([
      1930, 3920, 7910, 15_890, 31_850, 63_770,
    ]);
    expect(roomMillicores(4, 150)).to.equal(3770);
  });

  it('never adds up to more than a whole GPU on one node, whatever its DaemonSets leave', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WHOLE.map(({ vcpus }) => vcpus)),
        fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (vcpus, shares) => {
          const admitted: number[] = [];
          let requested = 0;
          for (const share of shares) {
            const request = requestMillicores(share, vcpus);
            if (requested + request > allocatableMillicores(vcpus)) continue;
            requested += request;
            admitted.push(share);
          }
          expect(admitted.reduce((sum, each) => sum + each, 0)).to.be.at.most(1 + 1e-9);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('admits as many channels of the reference ladder as ECS does, on each family', () => {
    const load = { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' } as const;
    for (const type of ['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge']) {
      const { share, channelsPerGpu } = placement(load, type);
      const { vcpus } = GPU_INSTANCES.get(type)!;
      const fitting = Math.floor(roomMillicores(vcpus, 150) / requestMillicores(share, vcpus));
      expect(fitting, type).to.equal(channelsPerGpu);
    }
  });

  it('is what decides, and not how often the device plugin hands out the GPU', () => {
    let most = 0;
    for (const { type, vcpus } of WHOLE) {
      for (const ladder of Object.values(LADDERS)) {
        for (const frameRate of FRAME_RATES) {
          const { share, refusals } = placement({ ladder, frameRate, margin: 1 }, type);
          if (refusals.length > 0) continue;
          const fitting = Math.floor(allocatableMillicores(vcpus) / requestMillicores(share, vcpus));
          most = Math.max(most, fitting);
        }
      }
    }
    expect(most).to.equal(73);
    expect(TIME_SLICES).to.be.greaterThan(most);
  });
});

/** Channels that start anew when the old pod has ended. */
const once = (...requests: number[]) => requests.map((request) => ({ request, handover: false }));

describe('how many nodes hold all channels', () => {
  it('is, of equal channels, as few as hold them', () => {
    expect(nodesInAnyOrder([], 3770)).to.equal(0);
    expect(nodesInAnyOrder(once(3770), 3770)).to.equal(1);
    const nodes = (n: number) => nodesInAnyOrder(once(...Array<number>(n).fill(1805)), 3770);
    expect([1, 2, 3, 4, 5, 25].map(nodes)).to.deep.equal([1, 1, 2, 2, 3, 13]);
  });

  it('counts what an unlucky order wastes: small channels on each node turn a large one away', () => {
    // Four small ones fit one node, but may as well stand one on each of four.
    expect(nodesInAnyOrder(once(3700, 100, 100, 100, 100), 3770)).to.equal(5);
  });

  it('has room for a second pod, on another node, of each channel that changes hands', () => {
    expect(nodesInAnyOrder([{ request: 100, handover: true }], 3770)).to.equal(2);
    expect(nodesInAnyOrder(Array(8).fill({ request: 2862, handover: true }), 3770)).to.equal(16);
  });

  it('is enough in any order, for channels that leave and come again, and that change hands all at once', () => {
    const room = 200;
    const channel = fc.record({ request: fc.integer({ min: 1, max: room }), handover: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(channel, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        (channels, dice) => {
          const free = Array<number>(nodesInAnyOrder(channels, room)).fill(room);
          let at = 0;
          const roll = () => dice[at++ % dice.length]!;
          /** On any node with room, but for that of the channel's other pod. */
          const place = (request: number, other?: number): number => {
            const fitting = free.flatMap((left, node) => (left >= request && node !== other ? [node] : []));
            expect(fitting, `${request} of ${free.join(' ')}`).not.to.be.empty;
            const node = fitting[roll() % fitting.length]!;
            free[node]! -= request;
            return node;
          };
          let places = channels.map(({ request }) => place(request));
          for (let turn = 0; turn < 5; turn++) {
            // Those that hand over are all there twice while the others go and come.
            const next = channels.map(({ request, handover }, n) => handover && place(request, places[n]));
            channels.forEach(({ request, handover }, n) => {
              if (handover) return;
              free[places[n]!]! += request;
              places[n] = place(request);
            });
            places = places.map((node, n) => {
              if (next[n] === false) return node;
              free[node]! += channels[n]!.request;
              return next[n]!;
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
