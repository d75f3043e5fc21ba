import { expect } from 'chai';
import { rejection } from '../support/rejection';
import { defaultsOf, EXAMPLES, FOLDER, recordExample } from './example';
import { EXPECTED } from './expected';
import { readReadme, writeCount } from './readme';

describe('the examples', function () {
  this.timeout(30_000);

  it('are those that are looked at here', () => {
    expect(EXAMPLES).to.deep.equal(Object.keys(EXPECTED).sort());
  });

  for (const [name, { title, check, variants = [], refused }] of Object.entries(EXPECTED)) {
    describe(name, () => {
      it(title, async () => {
        check(await defaultsOf(name));
      });

      for (const variant of variants) {
        it(variant.title, async () => {
          variant.check(await recordExample(name, variant.config()));
        });
      }

      it('asks nothing that nobody answers, leaks nothing, and makes what its README counts', async () => {
        const { graph } = await defaultsOf(name);
        expect(graph.unanswered).to.deep.equal([]);
        expect(graph.leaks).to.deep.equal([]);
        expect(graph.logs.filter(({ severity }) => severity !== 'info')).to.deep.equal([]);
        expect(JSON.stringify(graph.outputs)).not.to.include(FOLDER);
        // All but the stack itself.
        const create = graph.resources.length - 1 - graph.reads.length;
        if (process.env['UPDATE_GOLDENS'] === '1') writeCount(name, create);
        const readme = readReadme(name);
        expect({ create: readme.create, read: readme.read }).to.deep.equal({
          ...{ create, read: graph.reads.length },
        });
      });

      for (const { config, message } of refused) {
        it(`refuses what its README says, as it says: ${JSON.stringify(config)}`, async () => {
          const error = (await rejection(recordExample(name, config))) as Error;
          expect(error.message.split('\n').map((line) => line.trim())).to.include(message);
          expect(readReadme(name).messages).to.include(message);
        });
      }

      it('quotes no message in its README that it does not give', () => {
        expect(readReadme(name).messages).to.have.members(refused.map(({ message }) => message));
      });
    });
  }
});
