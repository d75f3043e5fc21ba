import { expect } from 'chai';
import { Registry } from 'prom-client';
import { lostInput } from '../../../encoder/ingest/lost-input';

describe('the time without the contribution', () => {
  let now = 0;
  let registry: Registry;
  let toLostInput: ReturnType<typeof lostInput>;

  beforeEach(() => {
    now = 1_000_000;
    registry = new Registry();
    toLostInput = lostInput(registry, () => now);
  });

  const after = (milliseconds: number): void => void (now += milliseconds);
  const seconds = async (): Promise<number> => {
    const [metric] = await registry.getMetricsAsJSON();
    expect(metric!.name).to.equal('media_input_lost_seconds_total');
    return metric!.values[0]!.value;
  };

  it('is counted from the start, but for five seconds in which a contributor may call', async () => {
    after(5000);
    expect(await seconds()).to.equal(0);
    after(1500);
    expect(await seconds()).to.equal(1.5);
    expect(await seconds(), 'asked for twice').to.equal(1.5);
  });

  it('is nothing where each loss is shorter than five seconds', async () => {
    for (let n = 0; n < 10; n++) {
      toLostInput('live');
      after(60_000);
      toLostInput('repeat');
      after(4999);
    }
    toLostInput('live');
    expect(await seconds()).to.equal(0);
  });

  it('goes on from the picture that is repeated to the slate and the gap, and adds up over losses', async () => {
    toLostInput('live');
    after(60_000);
    toLostInput('repeat');
    after(1000);
    toLostInput('slate');
    after(3000);
    toLostInput('gap');
    after(2000);
    expect(await seconds()).to.equal(1);
    toLostInput('live');
    after(60_000);
    expect(await seconds()).to.equal(1);
    toLostInput('slate');
    after(7000);
    expect(await seconds()).to.equal(3);
  });
});
