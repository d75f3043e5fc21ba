import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { requestsPerHour, type ByStore, type StoreRequests } from '../../../encoder/contract';

const REFERENCE = { frameRate: '30', profile: 'balanced', renditions: 7, watched: 7 } as const;

describe('requests of a channel-hour', () => {
  it('are what docs/s3-store.md says', () => {
    const reckoned = requestsPerHour(REFERENCE);
    const rows = readFileSync(path.resolve('docs/s3-store.md'), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, who, store, request, , number] = line.split('|').map((cell) => cell.trim());
        return (who === 'encoder' || who === 'origin') && number !== undefined
          ? [{ who, store: store as keyof ByStore, request: request as keyof StoreRequests, number }]
          : [];
      });
    const documented = { encoder: empty(), origin: empty() };
    for (const { who, store, request, number } of rows) {
      documented[who as 'encoder' | 'origin'][store][request] += Number(number.replaceAll(',', ''));
    }
    for (const who of ['encoder', 'origin'] as const) {
      for (const store of ['edge', 'general'] as const) {
        for (const [request, number] of Object.entries(reckoned[who][store])) {
          const said = documented[who][store][request as keyof StoreRequests];
          expect(said, `${who} ${store} ${request}`).to.be.closeTo(number as number, 0.5);
        }
      }
    }
  });

  it('follow the ticks of the profile and the rate, and the number of renditions', () => {
    const { encoder, origin } = requestsPerHour({ ...REFERENCE, profile: 'lowest', renditions: 3 });
    expect(encoder.edge).to.deep.equal({ put: 18_000, get: 0, delete: 18_000, session: 15 });
    expect(encoder.general).to.deep.equal({ put: 900 * 5 + 3 / 24, get: 0, delete: 0, session: 0 });
    expect(origin.general).to.deep.equal({ put: 0, get: 900, delete: 0, session: 0 });
    // 10 s in 1.001 parts: a frame takes a little longer.
    const slower = requestsPerHour({ ...REFERENCE, frameRate: '29.97' });
    expect(slower.encoder.edge.put).to.be.closeTo(10_800 / 1.001, 1e-6);
  });

  it('of an origin are no fewer for fewer viewers, but for media that nobody asks for', () => {
    const gets = (watched: number) => requestsPerHour({ ...REFERENCE, watched }).origin.edge.get;
    expect(gets(1)).to.equal(gets(7));
    expect(gets(1) - gets(0)).to.be.closeTo(10_800, 1e-6);
  });
});

const empty = (): Record<keyof ByStore, Record<keyof StoreRequests, number>> => ({
  edge: { put: 0, get: 0, delete: 0, session: 0 },
  general: { put: 0, get: 0, delete: 0, session: 0 },
});
