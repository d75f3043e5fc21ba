/** The browser that the tests play the channel in. Nothing else needs it. */
import { install } from './advice';
import { ok, warning, type Check } from './check';
import { runProgram } from './program';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const CHROMIUM_CHECK: Check = {
  id: 'chromium',
  title: 'Chromium',
  run: async (context) => {
    const chosen = context.system.environment['CHROMIUM'];
    let broken: string | undefined;
    for (const name of chosen ? [chosen] : NAMES) {
      const outcome = await runProgram(context, name, ['--version']);
      if (outcome.kind === 'missing') continue;
      // Wrapper scripts may say more, on lines of their own.
      const found =
        outcome.kind === 'ended' && /^.*\d+\.\d+\.\d+.*$/m.exec(outcome.stdout.toString('utf8'))?.[0];
      if (found) return ok(found.trim());
      broken ??= `${name} does not tell its version`;
    }
    return warning(broken ?? `not found on PATH${chosen ? ` as ${chosen}` : ''}`, {
      needed: 'only for the tests in a browser',
      remedy: `${install(context.system, 'chromium fonts-liberation')}, or name another: \`export CHROMIUM=<path>\``,
    });
  },
};
