import { compliant, isValues, itemsOf, notApplicable, peek, stackRule, tagsOf, violating } from '../../core';
import { groupsOf, hasSpot } from './capacity';
import { NO_ENCODER, SERVICE, answersHttp, encodersOf, taskOf } from './containers';

export const liveEncodersAreNotOnSpot = stackRule({
  id: 'live-encoders-are-not-on-spot',
  family: 'media',
  title: 'The only encoder of a live channel is not on Spot, unless somebody accepts that it is interrupted',
  severity: 'high',
  controls: [],
  why: 'EC2 takes a Spot instance back at two minutes of notice, in the middle of the programme, and there is no second encoder that goes on.',
  fix: 'Run the service on a capacity provider of on-demand instances, and leave Spot to queues; or accept it with the tag `media-accept-interruption: true` of the service.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [SERVICE],
  settings: {
    tag: {
      type: 'string',
      default: 'media-accept-interruption',
      description: 'Key of the tag that accepts interruption, with the value `true`',
    },
  },
  check: (service, { tag }, stack) => {
    const onFargateSpot = itemsOf(peek(service, 'capacityProviderStrategies'))
      .filter(isValues)
      .some((strategy) => peek(strategy, 'capacityProvider') === 'FARGATE_SPOT');
    const task = taskOf(service, stack);
    if (!task || answersHttp(service, stack)) return notApplicable(NO_ENCODER);
    if (!onFargateSpot && !groupsOf(service, stack).some((group) => hasSpot(group, stack))) return compliant;
    if (encodersOf(task).length === 0) return notApplicable(NO_ENCODER);
    return tagsOf(service)[tag] === 'true'
      ? compliant
      : violating('the encoder of a channel may be on Spot instances');
  },
});
