/** Examines a machine for running a channel. */
import type { Check } from './check';
import { CHROMIUM_CHECK } from './chromium';
import { CLOCK_CHECK } from './clock';
import { CODEC_CHECKS } from './codecs';
import { FFMPEG_CHECKS } from './ffmpeg';
import { FOLDER_CHECKS } from './folders';
import { LIMIT_CHECKS } from './limits';
import { MACHINE_CHECKS } from './machine';
import { NVIDIA_CHECKS } from './nvidia';
import { PORT_CHECKS } from './ports';
import { SRT_CHECKS } from './srt';

export type { Check, CheckContext, CheckResult, CheckStatus, Finding } from './check';
export { examine, type DoctorReport, type ExamineOptions } from './examine';
export { formatReport } from './report';
export { thisMachine, type System } from './system';

/** All of them, in the order in which they are shown. */
export const CHECKS: readonly Check[] = [
  ...MACHINE_CHECKS,
  ...FFMPEG_CHECKS,
  ...CODEC_CHECKS,
  ...NVIDIA_CHECKS,
  ...PORT_CHECKS,
  ...FOLDER_CHECKS,
  ...LIMIT_CHECKS,
  ...SRT_CHECKS,
  CHROMIUM_CHECK,
  CLOCK_CHECK,
];
