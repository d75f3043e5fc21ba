/** Whether something keeps this machine's clock right: viewers' latency is computed from PROGRAM-DATE-TIME. */
import { asRoot } from './advice';
import { ok, skipped, warning, type Check, type CheckContext } from './check';
import { runProgram } from './program';

/** STA_UNSYNC of adjtimex(2). */
const UNSYNCHRONISED = 0x40;

interface Source {
  readonly name: string;
  /** Undefined where it cannot tell. */
  readonly synchronised: (context: CheckContext) => Promise<boolean | undefined>;
}

const program =
  (name: string, programArguments: readonly string[], read: (said: string) => boolean | undefined) =>
  async (context: CheckContext): Promise<boolean | undefined> => {
    const outcome = await runProgram(context, name, programArguments);
    return outcome.kind === 'ended' && outcome.code === 0 ? read(outcome.stdout.toString('utf8')) : undefined;
  };

const SOURCES: readonly Source[] = [
  {
    name: 'timedatectl',
    synchronised: program('timedatectl', ['show', '--property=NTPSynchronized', '--value'], (said) =>
      /^(yes|no)$/m.test(said) ? said.trim() === 'yes' : undefined,
    ),
  },
  {
    name: 'chronyc',
    synchronised: program('chronyc', ['-n', 'tracking'], (said) => {
      const leap = /^Leap status\s*:\s*(.+)$/m.exec(said)?.[1];
      return leap === undefined ? undefined : !/not synchronised/i.test(leap);
    }),
  },
  {
    name: 'adjtimex',
    synchronised: program('adjtimex', ['--print'], (said) => {
      const status = /^\s*status:\s*(\d+)/m.exec(said)?.[1];
      return status === undefined ? undefined : (Number(status) & UNSYNCHRONISED) === 0;
    }),
  },
];

export const CLOCK_CHECK: Check = {
  id: 'clock',
  title: 'Clock',
  run: async (context) => {
    for (const { name, synchronised } of SOURCES) {
      const answer = await synchronised(context);
      if (answer === undefined) continue;
      if (answer) return ok(`synchronised, says ${name}`);
      return warning(`not synchronised, says ${name}`, {
        needed: 'a clock that NTP keeps right, for PROGRAM-DATE-TIME',
        remedy: `${asRoot(context.system, 'apt-get install -y systemd-timesyncd')}, then ${asRoot(context.system, 'timedatectl set-ntp true')}`,
      });
    }
    return skipped(`none of ${SOURCES.map(({ name }) => name).join(', ')} can tell here`);
  },
};
