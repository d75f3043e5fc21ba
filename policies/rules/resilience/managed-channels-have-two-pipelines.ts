import { compliant, resourceRule, text, violating } from '../../core';

export const managedChannelsHaveTwoPipelines = resourceRule({
  id: 'managed-channels-have-two-pipelines',
  family: 'resilience',
  title: 'A channel of MediaLive has two pipelines',
  severity: 'high',
  controls: [],
  why: 'A channel of one pipeline is encoded in one zone: AWS maintains it, or loses it, in the middle of a programme.',
  fix: "channelClass: 'STANDARD', with two destinations and an input that two encoders feed",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:medialive/channel:Channel'],
  check: (channel) =>
    (text(channel, 'channelClass') ?? 'STANDARD') === 'STANDARD'
      ? compliant
      : violating('it has one pipeline'),
});
