// Runs the tests in several Mocha processes, and closes with one line that sums them:
//   node scripts/test.mjs unit engine e2e   what `make test` runs
//   node scripts/test.mjs long              what `make test-long` runs
//   node scripts/test.mjs tests/x.test.ts   some files
//   ONLY=pattern                            the tests whose full names match
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a Mocha process may live after its last test. */
const END_MS = 10_000;
/** How long processes may take to leave once told to stop. */
const STOP_MS = 10_000;
/** How many processes run at once, of those that measure nothing. Each may take 2 GiB. */
const AT_ONCE = Math.max(2, Math.min(availableParallelism(), 4));

process.chdir(join(import.meta.dirname, '..'));
const only = process.env.ONLY ?? '';
const { closing } = createRequire(import.meta.url)('../dist/tests/support/reporter.js');

/** Sources decide what is run, not dist: tsc leaves behind what was compiled from a file that is gone. */
function sources(pattern) {
  return globSync(pattern).sort();
}

const isUnit = (file) => !file.startsWith('tests/e2e/') && !file.startsWith('tests/engine/');
/**
 * What must not be disturbed: `busy` keeps to the clock and takes much of the processor, so that it must have the machine for
 * itself; `quiet` keeps to the clock and mostly waits (a fifth of two cores, measured), so that two of them bear each other.
 */
function clockOf(file) {
  if (
    /^tests\/(encoder\/(ingest|origin|store|doctor)|cli\/doctor|e2e\/(contribution|input-faults|s3-channel))/.test(
      file,
    )
  )
    return 'quiet';
  const isBusy = /^tests\/(encoder\/load|e2e\/(?!image|media\.|kill-writer|local-command))/.test(file);
  return isBusy ? 'busy' : undefined;
}
/** The folder below tests/, or for a file there tests itself. */
const folderOf = (file) => file.split('/').slice(0, 2).join('/');

/** The folder that a file is in, as a process of the quiet phase has them. */
const parentOf = (file) => file.split('/').slice(0, 3).join('/');
const byFolder = (files, folder) => Object.values(Object.groupBy(files, folder));

/** Each group: the runs of Mocha that it consists of, each with the files of that run, and what it asks of the clock. */
const groups = {
  unit: () => {
    const files = sources('tests/**/*.test.ts').filter(isUnit);
    const asking = (clock) => files.filter((file) => clockOf(file) === clock);
    return [
      ...byFolder(asking(undefined), folderOf).map((some) => ({ files: some })),
      ...byFolder(asking('quiet'), parentOf).map((some) => ({ files: some, clock: 'quiet' })),
      { files: asking('busy'), clock: 'busy' },
    ];
  },
  // Pulumi's runtime is one a process, and the unit tests have it mocked.
  engine: () => [{ files: sources('tests/engine/**/*.test.ts') }],
  e2e: () => sources('tests/e2e/**/*.test.ts').map((file) => ({ files: [file], clock: clockOf(file) })),
  long: () => sources('tests/**/*.long.ts').map((file) => ({ files: [file], clock: 'busy' })),
};

const asked = process.argv.slice(2);
const runs = [];
for (const name of asked.length > 0 ? asked : ['unit', 'engine', 'e2e']) {
  if (Object.hasOwn(groups, name)) runs.push(...groups[name]().map((one) => ({ group: name, ...one })));
  else if (existsSync(name)) runs.push({ group: name, files: [name], clock: 'busy' });
  else {
    console.error(`test: '${name}' is neither a group (${Object.keys(groups).join(', ')}) nor a file`);
    process.exit(64);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'aws-media-test-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Those that run. */
const children = new Set();
/** @type {string | undefined} */
let interrupted;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (interrupted !== undefined) signalAll('SIGKILL');
    interrupted ??= signal;
    console.error(`\ntest: ${signal}; stopping the tests (again to kill them)`);
    signalAll('SIGINT');
    setTimeout(() => signalAll('SIGKILL'), STOP_MS).unref();
  });
}

function signalAll(signal) {
  for (const child of children) signalGroup(child, signal);
}

/** A test's child processes are in the group of its Mocha process, so that none outlives it. */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Living processes of a group, from /proc (there may be no ps): `pid command`. */
function living(group) {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [state, , pgrp] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        if (Number(pgrp) !== group || state === 'Z' || state === 'X') return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()}`];
      } catch {
        return []; // It ended meanwhile.
      }
    });
}

/** Runs Mocha once. Answers its record and, where the run itself went wrong, what happened. */
async function run({ group, files, clock }, index) {
  const alone = clock === 'busy';
  const records = join(folder, `${index}.jsonl`);
  const compiled = files.map((file) => join('dist', file.replace(/\.ts$/, '.js')));
  const missing = compiled.filter((file) => !existsSync(file));
  const title = `\n== ${group}: ${files.length === 1 ? files[0] : `${files.length} files of ${(clock === undefined ? folderOf : parentOf)(files[0])}`}`;
  const name = `${group} (${files.length === 1 ? files[0] : `${files.length} files`})`;
  if (missing.length > 0) return { problem: `${name}: not built: ${missing.join(', ')}. Run make setup` };
  // What several print at once is kept apart, and shown when each has ended.
  const kept = join(folder, `${index}.txt`);
  const output = alone ? undefined : openSync(kept, 'w');
  if (alone) console.log(title);
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      '--forbid-only',
      ...(only === '' ? [] : ['--grep', only]),
      ...compiled,
    ],
    // A group of its own; the cost is that Ctrl-C does not reach it by itself: see signalGroup.
    {
      stdio: alone ? ['ignore', 'inherit', 'inherit'] : ['ignore', output, output],
      detached: true,
      // Many start Node again and again, with the same modules of Pulumi's.
      env: { ...process.env, TEST_RUN_RECORDS: records, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    },
  );
  children.add(child);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });

  /** @type {string | undefined} */
  let problem;
  const watch = (async () => {
    while (!existsSync(records)) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await delay(200);
    }
    const settled = await Promise.race([ended, delay(END_MS, undefined, { ref: false })]);
    if (settled !== undefined) return;
    problem = `did not end within ${END_MS / 1000} s after its last test, and was killed: something is still open`;
    signalGroup(child, 'SIGKILL');
  })();
  const { error, code, signal } = await ended;
  await watch;

  let left = living(child.pid);
  for (let waited = 0; left.length > 0 && waited < 2_000; waited += 100) {
    await delay(100);
    left = living(child.pid);
  }
  if (left.length > 0) {
    signalGroup(child, 'SIGKILL');
    problem ??= `left processes behind (now killed): ${left.join('; ')}`;
  }
  children.delete(child);
  if (output !== undefined) {
    closeSync(output);
    console.log(title);
    process.stdout.write(readFileSync(kept));
  }

  const record = existsSync(records) ? JSON.parse(readFileSync(records, 'utf8')) : undefined;
  if (record === undefined) {
    const how = error?.message ?? (signal === null ? `exit code ${code}` : signal);
    problem ??= `ended without a summary (${how}): the reason is in its output above`;
  } else if (code !== 0 && signal === null && record.failed.length === 0) {
    problem ??= `ended with exit code ${code} although no test failed: the reason is in its output above`;
  }
  return { record, problem: problem && `${name}: ${problem}` };
}

/** @type {{ passed: number, failed: string[], skipped: object[], notRun: number }} */
const sum = { passed: 0, failed: [], skipped: [], notRun: 0 };
/** @type {string[]} */
const problems = [];

async function runAndCount(one) {
  if (interrupted !== undefined || one.files.length === 0) return;
  const { record, problem } = await run(one, runs.indexOf(one));
  if (problem !== undefined && interrupted === undefined) problems.push(problem);
  if (record === undefined) return;
  sum.passed += record.passed;
  sum.failed.push(...record.failed);
  sum.skipped.push(...record.skipped);
  sum.notRun += record.notRun;
}

// The longest first, so that at the end no process waits for another one.
const LONGEST = ['tests/engine', 'tests/judge', 'tests/e2e', 'tests/planner', 'tests/package', 'tests/cli'];
const rank = ({ files }) => {
  const at = LONGEST.indexOf(folderOf(files[0] ?? ''));
  return at === -1 ? LONGEST.length : at;
};
const asking = (wanted) => runs.filter(({ clock }) => clock === wanted);
async function sideBySide(some, atOnce) {
  const left = [...some];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await runAndCount(next);
    }),
  );
}
const longestFirst = (some) => some.sort((a, b) => rank(a) - rank(b));
await sideBySide(longestFirst(asking(undefined)), AT_ONCE);
await sideBySide(longestFirst(asking('quiet')), 2);
await sideBySide(asking('busy'), 1);

if (interrupted !== undefined) console.log(`Interrupted (${interrupted}): not every test ran.\n`);
else if (only !== '' && sum.passed + sum.failed.length + sum.skipped.length === 0) {
  problems.push(`no test matches ONLY='${only}'`);
}
// What goes wrong outside of a test is a failure like any other.
sum.failed.push(...problems);
console.log(closing(sum));
if (interrupted !== undefined) process.exitCode = 130;
else if (sum.failed.length > 0) process.exitCode = 1;
