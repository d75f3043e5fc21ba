import { expect } from 'chai';
import { ask } from './built';

const OTHER = process.arch === 'arm64' ? 'amd64' : 'arm64';

describe('scripts/image.sh', () => {
  it('builds an encoder only for the machine that it runs on', () => {
    const { code, said } = ask('--architecture', OTHER, '--target', 'origin', '--target', 'encoder');
    expect(code).to.equal(64);
    expect(said).to.match(
      new RegExp(`^target 'encoder' of ${OTHER}: on \\w+ the origin alone is built for other machines$`),
    );
  });

  for (const [flags, message] of [
    [['--architecture', 'x64'], "architecture 'x64': allowed are amd64 and arm64"],
    [['--target', 'player'], "target 'player': allowed are encoder and origin"],
    [['--architecture'], '--architecture needs a value'],
    [['--arch'], 'unknown option --arch; the options are in the first lines of '],
  ] as const)
    it(`refuses ${flags.join(' ')}, and says what is allowed`, () => {
      const { code, said } = ask(...flags);
      expect(code).to.equal(64);
      expect(said).to.include(message);
    });
});
