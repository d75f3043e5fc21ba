/** The campaigns of boxes.test.ts and requests.test.ts with other seeds, for some minutes. FUZZ_SEED gives another. */
import { expect } from 'chai';
import { closeRigs } from '../origin/rig';
import { fuzzBoxes, fuzzBundles, fuzzRequests } from './campaigns';

describe('fuzzing at length', function () {
  this.timeout(10 * 60_000);
  afterEach(closeRigs);

  it('finds nothing in 200,000 damaged streams', async () => {
    expect((await fuzzBoxes(101, 200_000)).grownBytes).to.be.below(64 * 2 ** 20);
  });

  it('finds nothing in 150,000 damaged bundles', () => fuzzBundles(102, 150_000));

  it('finds nothing in 200,000 strange requests', async () => {
    await fuzzRequests(103, 200_000);
  });
});
