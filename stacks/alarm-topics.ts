/** Whom alarms tell: an alarm of CloudWatch tells topics of its own region alone. Pure. */

/** Distributions write their metrics there, so their alarms are there. */
const GLOBAL_REGION = 'us-east-1';

const isGlobal = (arn: string): boolean => arn.split(':')[3] === GLOBAL_REGION;

/** By what they are told of. */
export interface AlarmTopics {
  readonly ofDistributions: readonly string[];
  readonly ofOthers: readonly string[];
}

/** @param region of the stack; undefined where it is not configured */
export const alarmTopics = (arns: readonly string[], region: string | undefined): AlarmTopics => ({
  ofDistributions: arns.filter(isGlobal),
  // One that is nowhere of use is left among them: AWS says what is wrong with it.
  ofOthers: region === undefined || region === GLOBAL_REGION ? arns : arns.filter((arn) => !isGlobal(arn)),
});
