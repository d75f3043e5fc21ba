/** Lines of graphs where alarms of a channel go off. Pure. */
import { CHANNEL_ALARMS } from '../encode/fleet/alarms';
import type { Line } from './widgets';

/** The runtime itself judges it (encoder/load.ts); its alarm is of 0 and 1. */
const SLOW_SPEED = 0.98;

/** @throws RangeError where there is no alarm of the id */
function lineOf(id: string, at?: number): readonly Line[] {
  const alarm = CHANNEL_ALARMS.find((each) => each.id === id);
  if (!alarm) throw new RangeError(`no alarm ${id}`);
  return [{ label: id, value: at ?? alarm.threshold }];
}

export const CHANNEL_LINES = {
  stopped: lineOf('stopped'),
  speed: lineOf('slow', SLOW_SPEED),
  partDelay: lineOf('part-delay'),
  heat: lineOf('gpu-hot'),
} as const;
