import { expect } from 'chai';
import fc from 'fast-check';
import {
  EGRESS_PRICES,
  NatStrategy,
  decideEgress,
  missingServices,
} from '../../../components/network/egress';
import { INTERFACE_SERVICES, PROD_SERVICES, TASK_SERVICES } from '../../../components/network/services';
import { ENVIRONMENTS } from '../../../components/kit';

const wishes = { environment: 'dev', zones: 2, nat: undefined, interfaceEndpoints: undefined } as const;
const costOf = (nat: number, endpoints: number): number =>
  730 *
  (nat * (EGRESS_PRICES.natGateway + EGRESS_PRICES.publicAddress) +
    endpoints * EGRESS_PRICES.interfaceEndpoint);

describe('the way out', () => {
  it('in prod is a NAT gateway in each zone, and endpoints for what is secret', () => {
    expect(decideEgress({ ...wishes, environment: 'prod' })).to.deep.equal({
      nat: 'per-zone',
      interfaceEndpoints: PROD_SERVICES,
      reason: 'prod has a NAT gateway in each zone, so that none depends on another',
      isByPrice: false,
    });
  });

  it('outside prod is one NAT gateway where the endpoints cost more, with both sums', () => {
    expect(decideEgress(wishes)).to.deep.equal({
      nat: 'one',
      interfaceEndpoints: [],
      reason:
        'outside prod the cheaper way out is taken: one NAT gateway with its address, $36.50 instead of 9 more ' +
        'interface endpoints in 2 zones, $131.40 (ecr.api, ecr.dkr, ecs, ecs-agent, ecs-telemetry, logs, ' +
        'secretsmanager, ssm, ssmmessages); a month of 730 h in us-east-1, without data',
      isByPrice: true,
    });
  });

  it('outside prod is none where the few endpoints that are missing cost less', () => {
    const listed = TASK_SERVICES.filter((service) => service !== 'ssm' && service !== 'logs');
    const egress = decideEgress({ ...wishes, interfaceEndpoints: listed });
    expect(egress.nat).to.equal('none');
    expect(egress.interfaceEndpoints).to.deep.equal(TASK_SERVICES);
    expect(egress.reason).to.include(
      '2 more interface endpoints in 2 zones, $29.20 (logs, ssm) instead of one NAT',
    );
    // In three zones the two cost $43.80, above the $36.50 of a NAT gateway.
    expect(decideEgress({ ...wishes, zones: 3, interfaceEndpoints: listed }).nat).to.equal('one');
  });

  it('is never the dearer one outside prod, and never leaves tasks without a service', () => {
    const anyWishes = fc.record({
      environment: fc.constantFrom(...ENVIRONMENTS),
      zones: fc.integer({ min: 2, max: 6 }),
      nat: fc.option(fc.constantFrom(...Object.values(NatStrategy)), { nil: undefined }),
      interfaceEndpoints: fc.option(fc.subarray([...INTERFACE_SERVICES]), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyWishes, (given) => {
        const egress = decideEgress(given);
        if (egress.nat === 'none') expect(missingServices(egress.interfaceEndpoints)).to.deep.equal([]);
        expect(new Set(egress.interfaceEndpoints).size).to.equal(egress.interfaceEndpoints.length);
        if (given.interfaceEndpoints)
          expect(egress.interfaceEndpoints).to.include.members(given.interfaceEndpoints);
        if (given.nat) expect(egress.nat).to.equal(given.nat);
        if (!egress.isByPrice) return;
        const listed = given.interfaceEndpoints ?? [];
        const others = missingServices(listed).length * given.zones;
        const own = (egress.interfaceEndpoints.length - listed.length) * given.zones;
        const cost = costOf(egress.nat === 'one' ? 1 : 0, own);
        expect(cost).to.be.at.most(Math.min(costOf(1, 0), costOf(0, others)));
      }),
    );
  });

  it('is asked for in words that exist: the services of tasks and of prod are in the list', () => {
    expect(INTERFACE_SERVICES).to.include.members([...TASK_SERVICES, ...PROD_SERVICES]);
    expect(new Set(INTERFACE_SERVICES).size).to.equal(INTERFACE_SERVICES.length);
  });
});
