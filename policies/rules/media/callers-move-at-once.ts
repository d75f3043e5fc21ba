import { flag, found, notApplicable, number, resourceRule, text } from '../../core';
import { TARGET_GROUP } from './containers';

export const callersMoveAtOnce = resourceRule({
  id: 'callers-move-at-once',
  family: 'media',
  title: 'A contributor over UDP is sent to the new encoder as soon as the old one leaves',
  severity: 'high',
  controls: [],
  why: 'A network load balancer keeps sending the packets of a flow to a target that is gone, five minutes by default: the SRT caller sees no error, and the channel has no picture until it is restarted by hand.',
  fix: 'Write `deregistrationDelay: 0, connectionTermination: true`.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TARGET_GROUP],
  settings: {
    seconds: { type: 'integer', default: 5, minimum: 0, maximum: 300, description: 'The longest delay' },
  },
  check: (group, { seconds }) => {
    if (!['UDP', 'TCP_UDP'].includes(text(group, 'protocol') ?? '')) return notApplicable('it takes no UDP');
    const delay = number(group, 'deregistrationDelay') ?? 300;
    return found([
      ...(delay > seconds ? [`a target that leaves keeps its flows for ${delay} s`] : []),
      ...(flag(group, 'connectionTermination') === true ? [] : ['flows of a target that left are not ended']),
    ]);
  },
});
