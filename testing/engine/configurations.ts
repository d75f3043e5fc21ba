import { Providers, type ProviderRow } from '../../planner/record/providers';
import { properties } from './properties';
import type { providerPb } from './sdk';

const REGISTRY = () => new Providers({ stack: '', project: '' }, { values: {}, secretKeys: [] });

/**
 * The configuration of every provider of a program. All of them talk to the one stand-in, and requests about resources
 * do not say which provider they are for; but the engine opens a connection for each, and configures it first.
 */
export class Configurations {
  readonly #byPeer = new Map<string, ProviderRow>();

  /** @param peer address of the other end of the connection */
  configure(peer: string, request: InstanceType<typeof providerPb.ConfigureRequest>): void {
    const inputs = properties(request.getArgs());
    // A port that was another connection's before gets the new one's.
    this.#byPeer.set(peer, REGISTRY().addExplicit(request.getUrn() ?? '', 'aws', '', inputs));
  }

  /** @throws Error for a connection that was never configured: any other provider's region would be a guess. */
  of(peer: string): ProviderRow {
    const row = this.#byPeer.get(peer);
    if (row === undefined) {
      throw new Error(
        `stand-in aws: a call came over ${peer} before that connection was configured; is the engine older than 3.259?`,
      );
    }
    return row;
  }
}
