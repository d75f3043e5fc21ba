import { expect } from 'chai';
import { LADDERS } from '../../../encoder/contract';
import { chooseEngine, EngineError } from '../../../encoder/ffmpeg/engine';
import { rejection } from '../../support/rejection';

const ladder = LADDERS['hevc-2160p30-50'];

describe('the choice of an engine', () => {
  it('is NVENC where a trial of each codec and depth of the ladder succeeds', async () => {
    const tried: string[] = [];
    const chosen = await chooseEngine('auto', ladder, async (list) => {
      tried.push(
        `${list[list.indexOf('-c:v') + 1]} ${/format=(\w+)$/.exec(list[list.indexOf('-vf') + 1]!)![1]}`,
      );
      return undefined;
    });
    expect(tried).to.deep.equal(['hevc_nvenc p010le', 'h264_nvenc nv12']);
    expect(chosen).to.deep.equal({ engine: 'nvenc', reason: 'NVENC encoded hevc 10 bit, h264 8 bit' });
  });

  it('is software where one codec fails, and says which and why', async () => {
    const run = async (list: readonly string[]) =>
      list.includes('hevc_nvenc') ? 'No capable devices found' : undefined;
    expect(await chooseEngine('auto', ladder, run)).to.deep.equal({
      engine: 'software',
      reason: 'NVENC cannot be used here (hevc 10 bit: No capable devices found)',
    });
  });

  it('is an error where NVENC was asked for and fails, with what failed and what to do', async () => {
    const error = await rejection(chooseEngine('nvenc', ladder, async () => 'Cannot load libcuda.so.1'));
    expect(error).to.be.instanceOf(EngineError);
    expect((error as Error).message)
      .to.contain('hevc 10 bit: Cannot load libcuda.so.1; h264 8 bit: Cannot load libcuda.so.1')
      .and.to.contain('NVIDIA_DRIVER_CAPABILITIES=video,compute,utility')
      .and.to.contain('choose auto or software');
  });

  it('is software without a trial where software was asked for', async () => {
    const chosen = await chooseEngine('software', ladder, () => Promise.reject(new Error('tried')));
    expect(chosen.engine).to.equal('software');
  });

  it('is what an encode on this machine shows: NVENC, or software with the words of ffmpeg', async () => {
    const { engine, reason } = await chooseEngine('auto', LADDERS.tiny);
    expect(reason).to.match(
      engine === 'nvenc' ? /^NVENC encoded h264 8 bit$/ : /^NVENC cannot be used here \(h264 8 bit: \S.+\)$/,
    );
    if (engine === 'software') expect(reason).to.not.match(/exited|ended with code|@ 0x/);
  }).timeout(30_000);
});
