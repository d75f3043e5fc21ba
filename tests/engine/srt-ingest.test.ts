import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { SrtIngest, type SrtIngestArgs, type SrtIngestOptions } from '../../components/ingest';
import { FULL, MINIMAL } from '../components/ingest/ingest-recording';
import { changed, engineOfSuite, failure } from './suite-engine';

const DEV = { ...MINIMAL, environment: 'dev' } as const;

const ingestOf =
  (args: SrtIngestArgs, options: SrtIngestOptions = {}): PulumiFn =>
  async () => {
    const ingest = new SrtIngest('srt', args, options);
    ingest.grantReadPassphrase('encoder', 'encoder');
    return { address: ingest.channels['news']!.address };
  };

describe('SrtIngest under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to change, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', ingestOf(FULL));
    const previewed = await stack.preview();
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    expect(up.outputs['address']?.value).to.match(/^srt:\/\/[^:/]+:9001$/);
    const made = engine.aws.done('create');
    expect(made).to.have.length(35);
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 2 });
    await stack.destroy();
    expect(engine.aws.done('delete').sort()).to.deep.equal([...made].sort());
  });

  it('makes what a new channel needs, and changes nothing of another', async () => {
    const stack = await engine.stackOf('added', ingestOf(DEV));
    await stack.up();
    const channels = { sport: { zone: 'use1-az4', port: 9002 }, ...DEV.channels };
    expect(changed(await stack.up({ program: ingestOf({ ...DEV, channels }) }))).to.deep.equal({
      create: [
        'srt-channel-sport',
        'srt-channel-sport-listener',
        'srt-channel-sport-passphrase',
        'srt-channel-sport_studio',
      ],
      // Its own arguments, and the grant, which is for all channels.
      update: ['srt', 'srt-encoder-passphrase'],
    });
    await stack.destroy();
  });

  it('makes the target group of another port before the old one goes', async () => {
    const stack = await engine.stackOf('moved', ingestOf(DEV));
    await stack.up();
    const channels = { news: { zone: 'use1-az4', port: 9002 } };
    const { steps } = await stack.up({ program: ingestOf({ ...DEV, channels }) });
    const of = (name: string) => steps.filter((step) => step.name === name).map(({ op }) => op);
    expect(of('srt-channel-news')).to.deep.equal(['create-replacement', 'replace', 'delete-replaced']);
    expect(of('srt-zone-use1-az4')).to.deep.equal(['same']);
    await stack.destroy();
  });

  it('in prod is not destroyed while it is protected', async () => {
    const stack = await engine.stackOf('kept', ingestOf({ ...MINIMAL, environment: 'prod' }));
    await stack.up();
    expect((await failure(stack.destroy())).message).to.match(/cannot be deleted.*protect/s);
    expect(engine.aws.done('delete')).to.not.include.members(['srt-zone-use1-az4']);
  });
});
