import { expect } from 'chai';
import { EncoderImage, type EncoderImageArgs } from '../../../../components/encode/image';
import { compareGraphs, type Graph } from '../../../../testing';
import { recordImage, recordProgramOf } from './image-recording';

const DEV = { environment: 'dev' } as const;
const graphOf = async (args: EncoderImageArgs): Promise<Graph> => (await recordImage(args)).graph;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);

describe('an update of EncoderImage', () => {
  it('to itself builds nothing', async () => {
    const { steps } = compareGraphs(await graphOf({}), await graphOf({}));
    expect([...new Set(steps.map(({ operation }) => operation))]).to.deep.equal(['same']);
  });

  it('with another base builds again, into the repository that is there', async () => {
    const newer = { ...DEV, baseImage: 'debian:trixie-slim', allowMutableTag: true };
    const { replaces, deleted, renamed, updates } = compareGraphs(await graphOf(DEV), await graphOf(newer));
    // The files of the build before, which nobody needs any more, and the build.
    expect(replaces.map(({ urn, property }) => `${nameOf(urn)} ${property}`)).to.deep.equal([
      'encoder-context-files key',
      'encoder-build input',
    ]);
    expect([deleted, renamed]).to.deep.equal([[], []]);
    expect(updates.map(({ urn }) => nameOf(urn))).not.to.include('encoder-repository');
  });

  it('with another builder keeps the repository and its images', async () => {
    const before = await graphOf(DEV);
    for (const args of [
      { ...DEV, builder: 'docker' },
      { ...DEV, retention: { images: 5 }, tags: { team: 'video' } },
    ] as const) {
      const { steps } = compareGraphs(before, await graphOf(args));
      const repository = steps.find(({ urn }) => nameOf(urn) === 'encoder-repository');
      expect(['same', 'update']).to.include(repository?.operation);
    }
  });

  it('names the images as lost where their encryption changes, and is refused by the engine in prod', async () => {
    const severity = async (args: EncoderImageArgs) => {
      const after = await graphOf({ ...args, encryption: { type: 'aes256' } });
      return compareGraphs(await graphOf(args), after)
        .replaces.filter(({ urn }) => nameOf(urn) === 'encoder-repository')
        .map((found) => found.severity);
    };
    expect(await severity(DEV)).to.deep.equal(['loss']);
    expect(await severity({})).to.deep.equal(['blocked']);
  });

  it('under another name keeps the images with an alias and the old name of the repository', async () => {
    const before = await recordImage(DEV);
    const repository = before.text('encoder-repository', 'name');
    const named = async (transform: object): Promise<Graph> => {
      const options = { aliases: [{ name: 'encoder' }], transform };
      return (await recordProgramOf(() => void new EncoderImage('runtime', DEV, options))).graph;
    };
    const lost = (after: Graph): string[] => {
      const { replaces, renamed, deleted } = compareGraphs(before.graph, after);
      return [...replaces, ...renamed, ...deleted]
        .filter(({ urn, severity }) => severity === 'loss' && /repository$/.test(urn))
        .map(({ urn }) => nameOf(urn));
    };
    expect(lost(await named({}))).to.deep.equal(['runtime-repository']);
    expect(lost(await named({ repository: { name: repository } }))).to.deep.equal([]);
  });
});
