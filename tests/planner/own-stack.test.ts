import path from 'node:path';
import { expect } from 'chai';
import { recordOwnStack } from '../../cli/own-stack';
import { recordProgram, type Graph } from '../../planner';

const ROOT = path.resolve('.');

/** Without what says by whom it was recorded: messages are written at once where the program is in this process. */
const compared = (graph: Graph): object =>
  JSON.parse(JSON.stringify({ ...graph, recorder: '', logs: [] })) as object;

describe('an environment of this package, recorded in the process of the command', function () {
  this.timeout(60_000);

  it('is the graph that a process of its own records', async () => {
    const own = await recordOwnStack(ROOT, 'dev', 30);
    const program = await recordProgram({ folder: ROOT, stack: 'dev', typeCheck: false });
    expect(compared(own)).to.deep.equal(compared(program));
  });
});
