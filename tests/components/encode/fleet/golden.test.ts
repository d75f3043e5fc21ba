import path from 'node:path';
import { NvencEncodeFleet } from '../../../../components/encode/fleet';
import { matchGolden, type Graph } from '../../../../testing';
import { recordProgramOf } from '../../recorded';
import { full, recordFleet } from './fleet-recording';

/** Of the compiled tests, five folders below the project. */
const GOLDENS = path.resolve(__dirname, '../../../../..', 'tests/fixtures/goldens/nvenc-encode-fleet');

const match = (graph: Graph, name: string): void =>
  void matchGolden(graph, path.join(GOLDENS, `${name}.json`), {
    // In base64 no difference can be read; user-data.test.ts runs the script.
    ignore: { 'aws:ec2/launchTemplate:LaunchTemplate': ['userData'] },
  });

describe('a fleet of each GPU', () => {
  for (const instanceType of ['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge']) {
    it(`is what its golden says: ${instanceType}`, async () => {
      const { graph } = await recordFleet({ instanceTypes: [instanceType] });
      match(graph, instanceType);
    });
  }
});

describe('a fleet of every argument', () => {
  it('is what its golden says', async () => {
    const { graph } = await recordProgramOf(() => void new NvencEncodeFleet('live', full()));
    match(graph, 'full');
  });
});
