/** The SRT front: its library, and the program that `make setup` builds. */
import { BUILD } from '../ingest/srt-program';
import { install } from './advice';
import { failed, ok, type Check } from './check';
import { findLibrary } from './library';
import { firstLine, runProgram } from './program';

const library: Check = {
  id: 'srt-library',
  title: 'SRT library',
  run: async (context) => {
    const file = await findLibrary(context, /^libsrt(-gnutls|-openssl)?\.so\.1/);
    if (file !== undefined) return ok(file);
    return failed('the loader finds no libsrt', {
      needed: 'libsrt 1.5',
      remedy: install(context.system, 'libsrt1.5-gnutls'),
    });
  },
};

const REMEDY = BUILD.replace(/^b/, 'B');

const front: Check = {
  id: 'srt-front',
  title: 'SRT front',
  needs: ['srt-library'],
  run: async (context) => {
    const { srtFront, system } = context;
    if (!(await system.exists(srtFront))) return failed(`not built: no ${srtFront}`, { remedy: REMEDY });
    const outcome = await runProgram(context, srtFront, ['--version']);
    if (outcome.kind !== 'ended') {
      const reason = outcome.kind === 'broken' ? outcome.reason : 'what runs it is missing';
      return failed(`cannot be started: ${reason}`, { remedy: REMEDY });
    }
    const said = firstLine(outcome.stdout.toString('utf8'));
    if (outcome.code === 0 && said !== '') return ok(said);
    const complaint = firstLine(outcome.stderr) || said || 'nothing';
    return failed(`does not answer --version (exit code ${outcome.code}); it said: ${complaint}`, {
      remedy: REMEDY,
    });
  },
};

export const SRT_CHECKS: readonly Check[] = [library, front];
