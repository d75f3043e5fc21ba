// Runs the tests group by group, each in a Mocha process of its own, and closes with one line that sums them:
//   node scripts/test.mjs unit engine e2e   what `make test` runs
//   node scripts/test.mjs long              what `make test-long` runs
//   node scripts/test.mjs tests/x.test.ts   some files
//   ONLY=pattern                            the tests whose full names match
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a Mocha process may live after its last test. */
const END_MS = 10_000;
/** How long processes may take to leave once told to stop. */
const STOP_MS = 10_000;

process.chdir(join(import.meta.dirname, '..'));
const only = process.env.ONLY ?? '';
const { closing } = createRequire(import.meta.url)('../dist/tests/support/reporter.js');

/** Sources decide what is run, not dist: tsc leaves behind what was compiled from a file that is gone. */
function sources(pattern) {
  return globSync(pattern).sort();
}

const isUnit = (file) => !file.startsWith('tests/e2e/') && !file.startsWith('tests/engine/');
/** Each group: the runs of Mocha that it consists of, each with the files of that run. */
const groups = {
  unit: () => [sources('tests/**/*.test.ts').filter(isUnit)],
  // Pulumi's runtime is one a process, and the unit tests have it mocked.
  engine: () => [sources('tests/engine/**/*.test.ts')],
  // One file at a time: what they measure must have the machine for itself.
  e2e: () => sources('tests/e2e/**/*.test.ts').map((file) => [file]),
  long: () => sources('tests/**/*.long.ts').map((file) => [file]),
};

const asked = process.argv.slice(2);
const runs = [];
for (const name of asked.length > 0 ? asked : ['unit', 'engine', 'e2e']) {
  if (Object.hasOwn(groups, name)) runs.push(...groups[name]().map((files) => ({ group: name, files })));
  else if (existsSync(name)) runs.push({ group: name, files: [name] });
  else {
    console.error(`test: '${name}' is neither a group (${Object.keys(groups).join(', ')}) nor a file`);
    process.exit(64);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'aws-media-test-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let current;
/** @type {string | undefined} */
let interrupted;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (interrupted !== undefined) signalGroup(current, 'SIGKILL');
    interrupted ??= signal;
    console.error(`\ntest: ${signal}; stopping the tests (again to kill them)`);
    signalGroup(current, 'SIGINT');
    setTimeout(() => signalGroup(current, 'SIGKILL'), STOP_MS).unref();
  });
}

/** A test's child processes are in the group of its Mocha process, so that none outlives it. */
function signalGroup(child, signal) {
  if (child?.pid === undefined) return;
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
async function run({ group, files }, index) {
  const records = join(folder, `${index}.jsonl`);
  const compiled = files.map((file) => join('dist', file.replace(/\.ts$/, '.js')));
  const missing = compiled.filter((file) => !existsSync(file));
  const name = `${group} (${files.length === 1 ? files[0] : `${files.length} files`})`;
  if (missing.length > 0) return { problem: `${name}: not built: ${missing.join(', ')}. Run make setup` };
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
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: { ...process.env, TEST_RUN_RECORDS: records },
    },
  );
  current = child;
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
  current = undefined;

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
for (const [index, one] of runs.entries()) {
  if (interrupted !== undefined) break;
  if (one.files.length === 0) continue;
  console.log(`\n== ${one.group}: ${one.files.length === 1 ? one.files[0] : `${one.files.length} files`}`);
  const { record, problem } = await run(one, index);
  if (problem !== undefined && interrupted === undefined) problems.push(problem);
  if (record === undefined) continue;
  sum.passed += record.passed;
  sum.failed.push(...record.failed);
  sum.skipped.push(...record.skipped);
  sum.notRun += record.notRun;
}

if (interrupted !== undefined) console.log(`Interrupted (${interrupted}): not every test ran.\n`);
else if (only !== '' && sum.passed + sum.failed.length + sum.skipped.length === 0) {
  problems.push(`no test matches ONLY='${only}'`);
}
// What goes wrong outside of a test is a failure like any other.
sum.failed.push(...problems);
console.log(closing(sum));
if (interrupted !== undefined) process.exitCode = 130;
else if (sum.failed.length > 0) process.exitCode = 1;
