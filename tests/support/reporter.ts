import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { skipReason } from './skip';

/** What one Mocha process did, as scripts/test.mjs reads it back: one JSON line a process. */
export interface RunRecord {
  readonly passed: number;
  /** Titles of the tests and hooks that failed. */
  readonly failed: readonly string[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
  /** Tests that neither ran nor were skipped, because a hook before them failed or the run was cut short. */
  readonly notRun: number;
}

/** A process that has not ended this long after its last test is told about by name. */
const LEAK_NOTICE_MS = 8_000;

/**
 * Mocha's `spec` output, then the skipped tests with their reasons and one closing line. With
 * TEST_RUN_RECORDS set (by scripts/test.mjs, which runs several processes and closes with the sum) those go to
 * that file instead.
 */
export default class Reporter extends Mocha.reporters.Spec {
  readonly #skipped: { title: string; reason: string }[] = [];

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const { constants } = Mocha.Runner;
    let total = 0;
    let passed = 0;
    let failedTests = 0;
    const failed: string[] = [];
    // Not earlier: Mocha applies --grep after it has made the reporter.
    runner.once(constants.EVENT_RUN_BEGIN, () => (total = runner.total));
    runner.on(constants.EVENT_TEST_PASS, () => (passed += 1));
    runner.on(constants.EVENT_TEST_FAIL, (test: Mocha.Runnable) => {
      failed.push(test.titlePath().join(' > '));
      if (test instanceof Mocha.Test) failedTests += 1;
    });
    runner.on(constants.EVENT_TEST_PENDING, (test) => {
      this.#skipped.push({ title: test.titlePath().join(' > '), reason: skipReason(test) });
    });
    // After Spec's own listener, which prints the failures.
    runner.once(constants.EVENT_RUN_END, () => {
      const record: RunRecord = {
        passed,
        failed,
        skipped: this.#skipped,
        notRun: Math.max(0, total - passed - failedTests - this.#skipped.length),
      };
      const file = process.env['TEST_RUN_RECORDS'];
      if (file === undefined) console.log(closing(record));
      else appendFileSync(file, `${JSON.stringify(record)}\n`);
      setTimeout(() => {
        console.error(
          `This process has not ended ${LEAK_NOTICE_MS / 1000} s after its last test; still open: ` +
            `${process.getActiveResourcesInfo().join(', ')}. A test left them behind: close them in its after().`,
        );
      }, LEAK_NOTICE_MS).unref();
    });
  }
}

/** The skips with their reasons, the failures by name, then exactly `N passed, N failed, N skipped`. */
export function closing(record: RunRecord): string {
  const lines: string[] = [];
  if (record.skipped.length > 0) {
    lines.push('Skipped:');
    for (const { title, reason } of record.skipped) lines.push(`  ${title}`, `    ${reason}`);
    lines.push('');
  }
  if (record.failed.length > 0) {
    lines.push('Failed:', ...record.failed.map((title) => `  ${title}`), '');
  }
  if (record.notRun > 0) {
    lines.push(
      `${record.notRun} tests did not run: a hook before them failed, or the run was cut short.`,
      '',
    );
  }
  lines.push(`${record.passed} passed, ${record.failed.length} failed, ${record.skipped.length} skipped`);
  return lines.join('\n');
}
