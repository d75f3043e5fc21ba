/** What `make scan` runs: prints every failed check that docs/checkov.md does not answer. */
import { answered, answers, describeCheck, findCheckov, plannedPrograms, scanKept } from './scan';

async function main(): Promise<void> {
  const found = findCheckov();
  if ('missing' in found) throw new Error(found.missing);
  const failed = await scanKept(found.checkov);
  const all = answers();
  const open = failed.filter((each) => !answered(each, all));
  for (const each of open) console.log(`NOT ANSWERED  ${describeCheck(each)}`);
  console.log(
    `${plannedPrograms().length} plans; ${failed.length} failed checks, ${open.length} of them not answered in docs/checkov.md`,
  );
  if (open.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
