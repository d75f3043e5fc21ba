import { expect } from 'chai';
import { LADDERS } from '../../../encoder/contract';
import { placement } from '../../../components/encode/capacity';
import { channelsHaveOneEncoder } from '../../../policies/rules/media/channels-have-one-encoder';
import { encodersAreNotOversubscribed } from '../../../policies/rules/media/encoders-are-not-oversubscribed';
import { encodersFinishTheirSegment } from '../../../policies/rules/media/encoders-finish-their-segment';
import { gpuIsNotOnFargate } from '../../../policies/rules/media/gpu-is-not-on-fargate';
import { liveEncodersAreNotOnSpot } from '../../../policies/rules/media/live-encoders-are-not-on-spot';
import { servicesCanBeReplaced } from '../../../policies/rules/media/services-can-be-replaced';
import { encoderShare } from '../../../policies/rules/media/nvenc';
import { GoodProgram, both, set, unset } from '../cases';
import { UNKNOWN_TASKS, encoder, liveEncoder, notAnEncoder, origin } from './media-program';

const good = new GoodProgram(liveEncoder);

describe('rules of media: encoders', () => {
  good.tries(gpuIsNotOnFargate, {
    undecided: { 'origin-task': 'containerDefinitions' },
    violating: {
      'a GPU on Fargate': {
        change: origin({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
        at: 'origin-task',
        found: ['the container origin reserves a GPU'],
      },
      'NVENC on Fargate': {
        change: set('encoder-task', 'requiresCompatibilities', ['EC2', 'FARGATE']),
        at: 'encoder-task',
        found: ['the container encoder encodes by NVENC alone'],
      },
    },
    nearMisses: {
      'software on Fargate': both(
        set('encoder-task', 'requiresCompatibilities', ['FARGATE']),
        encoder({ ENCODER: 'software' }),
      ),
      'a GPU on EC2': encoder({}, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    },
  });

  good.tries(encodersAreNotOversubscribed, {
    undecided: { encoder: 'containerDefinitions' },
    violating: {
      'less CPU than its share of the encoders': {
        change: encoder({}, { cpu: 1024 }),
        at: 'encoder',
        found: [
          'a channel of hevc-2160p30-50 takes 36.2 % of the encoders of a g6.xlarge, and reserves 25 % of it',
        ],
      },
      'no reservation': {
        change: encoder({}, { cpu: 0 }),
        at: 'encoder',
        found: [
          'a channel of hevc-2160p30-50 takes 36.2 % of the encoders of a g6.xlarge, and reserves 0 % of it',
        ],
      },
      'a channel that is too much for the GPU': {
        change: both(
          set('gpu', 'instanceType', 'g5.xlarge'),
          encoder({ FRAME_RATE: '60' }, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
        ),
        at: 'encoder',
        found: ['a channel of hevc-2160p30-50 takes 146 % of the encoders of a g5.xlarge'],
      },
    },
    nearMisses: {
      'just enough': encoder({}, { cpu: 1483 }),
      'a whole GPU': encoder({}, { cpu: 0, resourceRequirements: [{ type: 'GPU', value: '1' }] }),
      'the CPU of the task': both(encoder({}, { cpu: 0 }), set('encoder-task', 'cpu', '1886')),
    },
    notApplicable: {
      'a ladder in a file': {
        change: encoder({ LADDER: 'file:/ladder.json' }),
        at: 'encoder',
        reason: 'nothing is known of its ladder on its instances',
      },
      'what answers HTTP': notAnEncoder('origin'),
    },
  });

  good.tries(liveEncodersAreNotOnSpot, {
    violating: {
      'a group of Spot instances': {
        change: set('pool', 'mixedInstancesPolicy', {
          instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 },
          launchTemplate: { launchTemplateSpecification: { launchTemplateName: 'gpu' } },
        }),
        at: 'encoder',
        found: ['the encoder of a channel may be on Spot instances'],
      },
      'Spot of Fargate': {
        change: set('encoder', 'capacityProviderStrategies', [
          { capacityProvider: 'FARGATE', weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 1 },
        ]),
        at: 'encoder',
        found: ['the encoder of a channel may be on Spot instances'],
      },
      'a launch template of Spot instances': {
        change: set('gpu', 'instanceMarketOptions', { marketType: 'spot' }),
        at: 'encoder',
        found: ['the encoder of a channel may be on Spot instances'],
      },
    },
    nearMisses: {
      'several types, all on demand': set('pool', 'mixedInstancesPolicy', {
        instancesDistribution: { spotAllocationStrategy: 'price-capacity-optimized' },
        launchTemplate: { launchTemplateSpecification: { launchTemplateName: 'gpu' } },
      }),
      'an interruption that is accepted': both(
        set('gpu', 'instanceMarketOptions', { marketType: 'spot' }),
        set('encoder', 'tags', { 'media-accept-interruption': 'true' }),
      ),
      'a queue worker': both(
        set('gpu', 'instanceMarketOptions', { marketType: 'spot' }),
        set('encoder-task', 'containerDefinitions', JSON.stringify([{ name: 'worker', image: 'worker' }])),
      ),
    },
    notApplicable: { 'what answers HTTP': notAnEncoder('origin') },
  });

  good.tries(channelsHaveOneEncoder, {
    violating: {
      'two tasks of one channel': {
        change: set('encoder', 'desiredCount', 2),
        at: 'encoder',
        found: ['2 tasks may encode one channel'],
      },
      'scaling of a channel': {
        change: set('scaling', 'maxCapacity', 3),
        at: 'encoder',
        found: ['3 tasks may encode one channel'],
      },
    },
    nearMisses: {
      'a channel that is off': set('encoder', 'desiredCount', 0),
      'two tasks of something else': both(
        set('encoder', 'desiredCount', 2),
        set('encoder-task', 'containerDefinitions', JSON.stringify([{ name: 'worker', image: 'worker' }])),
      ),
    },
    notApplicable: { 'two origins': notAnEncoder('origin') },
  });

  good.tries(servicesCanBeReplaced, {
    violating: {
      'one task that may neither stop nor have another beside it': {
        change: set('encoder', 'deploymentMinimumHealthyPercent', 100),
        at: 'encoder',
        found: ['at least 1 and at most 1 of 1 tasks may run, so none can be replaced'],
      },
      'half of one task, which is one': {
        change: set('encoder', 'deploymentMinimumHealthyPercent', 50),
        at: 'encoder',
        found: ['at least 1 and at most 1 of 1 tasks may run, so none can be replaced'],
      },
    },
    nearMisses: {
      'a half of two': both(
        set('origin', 'deploymentMinimumHealthyPercent', 50),
        set('origin', 'deploymentMaximumPercent', 100),
      ),
      'what AWS fills in': both(
        unset('encoder', 'deploymentMinimumHealthyPercent'),
        unset('encoder', 'deploymentMaximumPercent'),
      ),
    },
    notApplicable: {
      'a channel that is off': {
        change: set('encoder', 'desiredCount', 0),
        at: 'encoder',
        reason: 'it has no task of its own accord',
      },
    },
  });

  good.tries(encodersFinishTheirSegment, {
    undecided: UNKNOWN_TASKS,
    violating: {
      'two seconds': {
        change: encoder({}, { stopTimeout: 2 }),
        at: 'encoder-task',
        found: ['the container encoder is killed 2 s after it is told to end'],
      },
    },
    nearMisses: {
      'ten seconds': encoder({}, { stopTimeout: 10 }),
      "the agent's own": encoder({}, { stopTimeout: undefined }),
      'a short one of something else': origin({ stopTimeout: 2 }),
    },
    notApplicable: { 'an origin': notAnEncoder('origin-task') },
  });
});

describe('the share of encoders that the rule reckons with', () => {
  it('is the capacity model’s where a GPU has one engine, and never more where it has several', () => {
    for (const ladder of ['tiny', 'hevc-1080p', 'hevc-2160p30-50'] as const) {
      for (const [type, engines] of [
        ['g4dn.xlarge', 1],
        ['g5.xlarge', 1],
        ['g6.xlarge', 2],
        ['g6e.xlarge', 3],
      ] as const) {
        const { share } = encoderShare(type, ladder, '30', 0.7)!;
        const { nvenc } = placement({ ladder: LADDERS[ladder], frameRate: '30' }, type).shares;
        if (engines === 1) expect(share, `${ladder} on ${type}`).to.be.closeTo(nvenc, 1e-9);
        else expect(share, `${ladder} on ${type}`).to.be.at.most(nvenc + 1e-9);
      }
    }
  });
  it('is not known of what has no NVENC, of parts of a GPU, and of other ladders', () => {
    expect(encoderShare('m7i.large', 'tiny', '30', 0.7)).to.equal(undefined);
    expect(encoderShare('g6f.xlarge', 'tiny', '30', 0.7)).to.equal(undefined);
    expect(encoderShare('g5g.xlarge', 'tiny', '30', 0.7)).to.equal(undefined);
    expect(encoderShare('g6.xlarge', 'toString', '30', 0.7)).to.equal(undefined);
    expect(encoderShare('g6.xlarge', 'tiny', '31', 0.7)).to.equal(undefined);
  });
});
