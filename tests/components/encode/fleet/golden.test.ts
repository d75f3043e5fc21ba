import path from 'node:path';
import { matchGolden } from '../../../../testing';
import { recordFleet } from './fleet-recording';

/** Of the compiled tests, five folders below the project. */
const GOLDENS = path.resolve(__dirname, '../../../../..', 'tests/fixtures/goldens/nvenc-encode-fleet');

describe('a fleet of each GPU', () => {
  for (const instanceType of ['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge']) {
    it(`is what its golden says: ${instanceType}`, async () => {
      const { graph } = await recordFleet({ instanceTypes: [instanceType] });
      matchGolden(graph, path.join(GOLDENS, `${instanceType}.json`), {
        // In base64 no difference can be read; user-data.test.ts runs the script.
        ignore: { 'aws:ec2/launchTemplate:LaunchTemplate': ['userData'] },
      });
    });
  }
});
