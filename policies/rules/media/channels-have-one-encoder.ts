import {
  compliant,
  notApplicable,
  number,
  peek,
  stackRule,
  violating,
  type Resource,
  type Stack,
} from '../../core';
import { NO_ENCODER, SERVICE, answersHttp, encodersOf, taskOf } from './containers';

const TARGET = 'aws:appautoscaling/target:Target';

/** Its id is `service/<cluster>/<service>`. */
function scales(target: Resource, service: Resource, stack: Stack): boolean {
  if (stack.behind(target, 'resourceId', SERVICE).some(({ urn }) => urn === service.urn)) return true;
  const [id, name] = [peek(target, 'resourceId'), peek(service, 'name')];
  return typeof id === 'string' && typeof name === 'string' && id.endsWith(`/${name}`);
}

export const channelsHaveOneEncoder = stackRule({
  id: 'channels-have-one-encoder',
  family: 'media',
  title: 'A service that encodes a channel has one task',
  severity: 'high',
  controls: [],
  why: 'Encoders of one channel do not share it: the first to claim a segment writes, and a second one waits, on a GPU that is paid for, for a caller who never comes.',
  fix: 'Write `desiredCount: 1`, and a service for each channel; leave out scaling of it.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [SERVICE],
  check: (service, _settings, stack) => {
    const task = taskOf(service, stack);
    if (!task || answersHttp(service, stack)) return notApplicable(NO_ENCODER);
    const wanted = number(service, 'desiredCount') ?? 0;
    const scaled = stack
      .ofType(TARGET)
      .filter((target) => scales(target, service, stack))
      .map((target) => number(target, 'maxCapacity') ?? 1);
    const most = Math.max(wanted, ...scaled);
    if (most <= 1) return compliant;
    return encodersOf(task).length > 0
      ? violating(`${most} tasks may encode one channel`)
      : notApplicable(NO_ENCODER);
  },
});
