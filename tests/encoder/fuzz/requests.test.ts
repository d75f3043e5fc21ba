/**
 * Strange requests, against a second decision by the rules (request-rules.ts). A failure prints its seed, its case and
 * the request; to keep one for ever, add the line to tests/fixtures/corpus/requests.txt. From then on it is checked as
 * it is, and changed further, in every run. FUZZ_SEED and FUZZ_CASE repeat one case; `make test-long` runs many more.
 */
import { expect } from 'chai';
import { closeRigs } from '../origin/rig';
import { fuzzRequests } from './campaigns';
import { corpusLines } from './corpus';
import { startRequestChannels } from './request-channels';

describe('strange requests', function () {
  this.timeout(30_000);
  afterEach(closeRigs);

  it('are answered by the rules, from the corpus', async () => {
    const channels = await startRequestChannels();
    try {
      for (const line of corpusLines('requests.txt')) {
        await channels.check(line).catch((error: unknown) => {
          throw new Error(`${line}: ${String(error)}`, { cause: error });
        });
      }
    } finally {
      await channels.close();
    }
    expect(Object.fromEntries(channels.verdicts)).to.have.all.keys('200', '400', '404', 'held');
  });

  it('get 200, 400, 404 or, after three target durations, 503: exactly as the rules say', async () => {
    const verdicts = await fuzzRequests(3, 4000);
    if (process.env['FUZZ_CASE'] !== undefined) return;
    // None is rare, or the changes are too light or too heavy to show anything.
    for (const verdict of ['200', '400', '404', 'held']) {
      expect(verdicts.get(verdict), verdict).to.be.above(200);
    }
  });
});
