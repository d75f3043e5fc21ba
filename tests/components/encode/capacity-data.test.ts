import { expect } from 'chai';
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS } from '../../../encoder/contract/gpu-models';
import { GPU_OFFERS } from '../../../encoder/contract/gpu-offers';
import {
  onDemandSource,
  ON_DEMAND_USD_HOUR,
  SAVINGS,
  SPOT_USD_HOUR,
} from '../../../encoder/contract/gpu-prices';
import { ARCHITECTURES } from '../../../encoder/contract/gpu-rates';

describe('data of GPU instances', () => {
  it('has the instance types of the designs as EC2 describes them', () => {
    expect(GPU_INSTANCES.get('g5.2xlarge')).to.deep.equal({
      ...{ type: 'g5.2xlarge', gpu: 'A10G', gpus: 1, gpuMemoryMiB: 22_888, vcpus: 8, memoryGiB: 32 },
      ...{ networkMbps: 5000, enis: 4, branchEnis: 17, architecture: 'amd64' },
    });
    expect(GPU_INSTANCES.get('g4dn.xlarge')).to.include({ gpu: 'T4', vcpus: 4, memoryGiB: 16 });
    expect(GPU_INSTANCES.get('vt1.24xlarge')).to.include({ gpu: 'Xilinx Alveo U30', gpus: 0, vcpus: 96 });
    expect(GPU_INSTANCES.get('g6f.large')).to.include({ gpu: 'L4', gpus: 0, memoryGiB: 8 });
    expect(GPU_INSTANCES.get('g5g.xlarge')).to.include({ architecture: 'arm64' });
    expect(GPU_INSTANCES.size).to.equal(53);
  });

  it('says of every GPU where its engines and its clock are from', () => {
    for (const [name, model] of Object.entries(GPU_MODELS)) {
      expect(model.enginesSource, name).to.have.length.above(10);
      expect(model.videoClockSource, name).to.have.length.above(10);
      expect(ARCHITECTURES[model.architecture].encode.av1 !== undefined, `${name} and AV1`).to.equal(
        model.encodes.av1 !== undefined,
      );
      expect(ARCHITECTURES[model.architecture].decode.av1 !== undefined, `${name} and AV1`).to.equal(
        model.decodes.av1 !== undefined,
      );
    }
    const engines = Object.entries(GPU_MODELS).map(([name, { nvencs, nvdecs }]) => [name, nvencs, nvdecs]);
    expect(engines).to.deep.equal([
      ...[
        ['T4', 1, 2],
        ['A10G', 1, 2],
        ['L4', 2, 4],
        ['L40S', 3, 3],
        ['RTX PRO 6000 Blackwell Server', 4, 4],
      ],
    ]);
  });

  it('prices only instance types that it knows, all of them in us-east-1, with source and date', () => {
    expect(Object.keys(ON_DEMAND_USD_HOUR['us-east-1']!)).to.have.members([...GPU_INSTANCES.keys()]);
    for (const [region, prices] of Object.entries(ON_DEMAND_USD_HOUR)) {
      expect([...GPU_INSTANCES.keys()]).to.include.members(Object.keys(prices));
      expect(onDemandSource(region).source).to.have.length.above(10);
      expect(onDemandSource(region).asOf).to.match(/20\d\d/);
    }
    for (const { source, asOf, part } of Object.values(SAVINGS)) {
      expect(source.length * asOf.length).to.be.above(0);
      expect(part).to.be.within(0.2, 0.95);
    }
  });

  it('has no Spot price above the price on demand, and none that is dearest where it is cheapest', () => {
    for (const [region, samples] of Object.entries(SPOT_USD_HOUR)) {
      for (const [type, [cheapest, dearest]] of Object.entries(samples)) {
        expect(cheapest, `${type} in ${region}`).to.be.within(0.1, dearest);
        const onDemand = ON_DEMAND_USD_HOUR[region]?.[type];
        if (onDemand !== undefined) expect(dearest, `${type} in ${region}`).to.be.at.most(onDemand);
      }
    }
  });

  it('never says of a region or a zone both that it has a family and that it lacks it', () => {
    for (const [family, offer] of Object.entries(GPU_OFFERS)) {
      const priced = Object.entries(ON_DEMAND_USD_HOUR)
        .filter(([, prices]) => Object.keys(prices).some((type) => type.startsWith(`${family}.`)))
        .map(([region]) => region);
      expect(
        [...offer.regions, ...priced].filter((region) => offer.notRegions.includes(region)),
      ).to.deep.equal([]);
      expect(offer.expressZones.filter((zone) => offer.notExpressZones.includes(zone))).to.deep.equal([]);
    }
  });
});
