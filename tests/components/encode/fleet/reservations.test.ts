import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import type { NvencEncodeFleetArgs } from '../../../../components/encode/fleet';
import { viewOf } from '../../../../testing';
import { lateFailure, type Recorded } from '../../storage/store-recording';
import { NETWORK, recordFleet, refusal } from './fleet-recording';

const POOL = 'use1-az4-g5-xlarge-on-demand';
const ID = 'cr-0123456789abcdef0';
const GROUP = 'arn:aws:resource-groups:us-east-1:123456789012:group/encoders';
const MIX = { committed: 70, 'on-demand': 10, spot: 20 } as const;

const reserved = (reservation: unknown, key = POOL): Partial<NvencEncodeFleetArgs> =>
  ({ capacityReservations: { [key]: reservation } }) as Partial<NvencEncodeFleetArgs>;

/** By pools: what each Auto Scaling group says of reservations. */
const told = ({ query }: Recorded): Record<string, unknown> =>
  Object.fromEntries(
    query
      .byType('aws:autoscaling/group:Group')
      .map(({ name, inputs }) => [name.replace('live-', ''), inputs['capacityReservationSpecification']]),
  );

describe('capacity that is reserved for a pool of NvencEncodeFleet', () => {
  it('is used first by that pool, and by no other', async () => {
    const fleet = await recordFleet({
      network: NETWORK,
      purchase: MIX,
      channels: {},
      ...reserved({ ids: [ID] }),
    });
    const groups = told(fleet);
    expect(groups[POOL]).to.deep.equal({
      capacityReservationPreference: 'capacity-reservations-first',
      capacityReservationTarget: { capacityReservationIds: [ID] },
    });
    const others = Object.entries(groups).filter(([key]) => key !== POOL);
    expect(others).to.have.length(5);
    for (const [key, specification] of others) expect(specification, key).to.equal(undefined);
  });

  it('leaves everything else of the fleet as it is', async () => {
    const lines = ({ resources }: Recorded) =>
      resources
        .filter(({ name }) => name !== `live-${POOL}`)
        .map(({ urn, inputs, options }) => JSON.stringify([urn, inputs, options]));
    expect(lines(await recordFleet(reserved({ ids: [ID] })))).to.deep.equal(lines(await recordFleet()));
  });

  it('is all that the pool has with `only`, and open to others with `none`', async () => {
    const only = await recordFleet(reserved({ resourceGroupArn: GROUP, preference: 'only' }));
    expect(told(only)[POOL]).to.deep.equal({
      capacityReservationPreference: 'capacity-reservations-only',
      capacityReservationTarget: { capacityReservationResourceGroupArns: [GROUP] },
    });
    const none = await recordFleet(reserved({ preference: 'none' }));
    expect(told(none)[POOL]).to.deep.equal({ capacityReservationPreference: 'none' });
  });

  it('is one that the same program makes', async () => {
    const fleet = await recordFleet(reserved({ ids: [pulumi.output(ID)] }));
    expect(JSON.stringify(told(fleet)[POOL])).to.include(ID);
    expect(JSON.stringify(viewOf(fleet.graph, 'unknown'))).to.include(ID);
    const wrong = () => recordFleet(reserved({ ids: [pulumi.output('vol-1')] }));
    expect(await lateFailure(wrong)).to.include(
      `capacityReservations.${POOL}.ids[0] is "vol-1"; allowed: the id of a capacity reservation`,
    );
  });

  const cases: [args: object, path: string, reason: string][] = [
    [{ capacityReservations: [ID] }, 'capacityReservations', `is ["${ID}"]; allowed: an object`],
    [reserved(ID), `capacityReservations.${POOL}`, `is "${ID}"; allowed: an object`],
    [
      reserved({ ids: [ID] }, 'use1-az4'),
      'capacityReservations.use1-az4',
      `is "use1-az4" (there is no such pool); allowed: ${POOL}; to correct it: name a zone, an instance type and a way of paying of this fleet`,
    ],
    [
      { purchase: MIX, ...reserved({ ids: [ID] }, 'use1-az4-g5-xlarge-spot') },
      'capacityReservations.use1-az4-g5-xlarge-spot',
      `is "spot" (capacity is reserved for instances on demand, and Spot instances never run in it); allowed: use1-az4-g5-xlarge-committed, ${POOL}; to correct it: reserve for another way of paying`,
    ],
    [
      reserved({ id: ID }),
      `capacityReservations.${POOL}.id`,
      `is "${ID}" (there is no such property); allowed: ids, resourceGroupArn, preference; to correct it: write ids`,
    ],
    [
      reserved({ ids: ['arn:aws:ec2:us-east-1:123456789012:capacity-reservation/cr-1'] }),
      `capacityReservations.${POOL}.ids[0]`,
      'is "arn:aws:ec2:us-east-1:123456789012:capacity-reservation/cr-1"; allowed: the id of a capacity reservation, as cr-0123456789abcdef0; to correct it: give its id, not its ARN',
    ],
    [reserved({ ids: [] }), `capacityReservations.${POOL}.ids`, 'is []; allowed: at least one'],
    [reserved({ ids: ID }), `capacityReservations.${POOL}.ids`, `is "${ID}"; allowed: a list of at most 50`],
    [
      reserved({ resourceGroupArn: 'encoders' }),
      `capacityReservations.${POOL}.resourceGroupArn`,
      'is "encoders"; allowed: the ARN of a resource group, as arn:aws:resource-groups:',
    ],
    [
      reserved({ ids: [ID], resourceGroupArn: GROUP }),
      `capacityReservations.${POOL}`,
      `is {"ids":["${ID}"],"resourceGroupArn":"arn:aws:resource-groups:us-e...; allowed: ids or resourceGroupArn; to correct it: remove one of the two`,
    ],
    [
      reserved({}),
      `capacityReservations.${POOL}`,
      `is {} (it says nothing); allowed: ids, resourceGroupArn, preference; to correct it: write { ids: ['cr-0123456789abcdef0'] }`,
    ],
    [
      reserved({ ids: [ID], preference: 'none' }),
      `capacityReservations.${POOL}.preference`,
      'is "none" (a reservation is named that would not be used); allowed: first, only; to correct it: remove the reservation, or choose another preference',
    ],
    [
      reserved({ preference: 'open' }),
      `capacityReservations.${POOL}.preference`,
      'is "open" (open reservations are used as it is, and with first); allowed: first, only, none; to correct it: choose one',
    ],
    [
      reserved({ ids: [ID], preference: 'capacity-reservations-only' }),
      `capacityReservations.${POOL}.preference`,
      `is "capacity-reservations-only" (that is EC2 Auto Scaling's word for only); allowed: first, only, none`,
    ],
    [
      {
        instanceTypes: ['g5.xlarge', 'g6.xlarge'],
        capacityReservations: {
          [POOL]: { ids: [ID] },
          'use1-az4-g6-xlarge-on-demand': { ids: ['cr-0123456789abcdef1', ID] },
        },
      },
      'capacityReservations.use1-az4-g6-xlarge-on-demand.ids[1]',
      `is "${ID}" (capacityReservations.${POOL} has it, and a reservation is of one zone and one instance type); allowed: a reservation of g6.xlarge in use1-az4; to correct it: name the one of this pool, or a resource group of both`,
    ],
  ];
  for (const [args, path, reason] of cases) {
    it(`is refused: ${JSON.stringify(args).slice(0, 100)}`, async () => {
      const { errors } = await refusal(args);
      const lines = errors.map((error) => `${error.propertyPath} ${error.reason}`);
      expect(lines).to.have.length(1);
      expect(lines[0]!.slice(0, path.length + 1 + reason.length)).to.equal(`${path} ${reason}`);
    });
  }

  it('may be one of two ways of paying for the same instances', async () => {
    const both = {
      [POOL]: { ids: [ID] },
      'use1-az4-g5-xlarge-committed': { ids: [ID], preference: 'only' as const },
    };
    const fleet = await recordFleet({ purchase: MIX, channels: {}, capacityReservations: both });
    expect(Object.values(told(fleet)).filter((each) => each !== undefined)).to.have.length(2);
  });
});
