/** Reads docs/coverage.md, and says what in it is not so. */
import type { Project } from './project';

export interface ScopeRow {
  readonly id: string;
  readonly capability: string;
}

export interface CoverageRow extends ScopeRow {
  readonly state: string;
  readonly proof: string;
}

/** Every state, and how the sentence at the head counts it. */
export const STATES = {
  shown: 'are shown',
  'in part': 'in part',
  runtime: 'have their runtime side',
  open: 'are open',
};

/** Cells of a table's line; a bar in a cell is written `\|`. */
const cells = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

export function readCoverage(page: string): CoverageRow[] {
  return page
    .split('\n')
    .filter((line) => /^\| S\d+-\d+ \|/.test(line))
    .map(cells)
    .map(([id = '', capability = '', state = '', proof = '', ...more]) => {
      if (more.length > 0)
        throw new Error(`docs/coverage.md, ${id}: more than four cells; write \\| in a cell`);
      return { id, capability, state, proof };
    });
}

const stateWord = ({ state }: CoverageRow) =>
  Object.keys(STATES).find((word) => new RegExp(`^${word}(?![\\w-])`).test(state));

/** Everything that is wrong, in the order of the page. */
export function coverageProblems(page: string, scope: readonly ScopeRow[], project: Project): string[] {
  const rows = readCoverage(page);
  return [
    ...againstScope(rows, scope),
    ...rows.flatMap((row) => rowProblems(row, rows, project).map((problem) => `${row.id}: ${problem}`)),
    ...headProblems(page, rows),
  ];
}

function againstScope(rows: readonly CoverageRow[], scope: readonly ScopeRow[]): string[] {
  const known = new Map(scope.map((row) => [row.id, row.capability]));
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { id, capability } of rows) {
    if (seen.has(id)) problems.push(`${id} stands there twice`);
    seen.add(id);
    if (!known.has(id)) problems.push(`${id} is no row of the scope`);
    else if (known.get(id) !== capability)
      problems.push(`${id} says ${JSON.stringify(capability)}; the scope, ${JSON.stringify(known.get(id))}`);
  }
  return [...problems, ...scope.filter(({ id }) => !seen.has(id)).map(({ id }) => `${id} is missing`)];
}

function rowProblems(row: CoverageRow, rows: readonly CoverageRow[], project: Project): string[] {
  const word = stateWord(row);
  if (word === undefined) return [`the state is ${row.state}; allowed: ${Object.keys(STATES).join(', ')}`];
  if (word === 'open') return row.proof === '-' ? [] : [`is open, and yet names ${row.proof}`];
  const same = /^as (S\d+-\d+)$/.exec(row.proof);
  if (same !== null) {
    const other = rows.find(({ id }) => id === same[1]);
    return other !== undefined && stateWord(other) !== 'open' ? [] : [`${same[1]} shows nothing`];
  }
  const named = [...row.proof.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  const proofs = named.filter((name) => isPath(name) || isCommand(name));
  if (proofs.length === 0) return [`names no proof: a path of a test or document, or a command`];
  const mentioned = [...row.state.matchAll(/`([^`]+)`/g)].map((match) => match[1]!).filter(isPath);
  return [...proofs, ...mentioned].flatMap((proof) => {
    const problem = isPath(proof) ? pathProblem(proof, project) : commandProblem(proof, project);
    return problem === undefined ? [] : [problem];
  });
}

const isPath = (text: string) => /^[a-z][\w.-]*\/[\w./*-]*$/.test(text);
const isCommand = (text: string) => /^(make|aws-media) /.test(text);

const pathProblem = (file: string, project: Project) =>
  project.has(file) ? undefined : `there is no ${file}`;

export function commandProblem(command: string, project: Project): string | undefined {
  if (command.startsWith('aws-media')) return project.commandProblem(command);
  const target = /^make ([a-z0-9-]+)/.exec(command)?.[1];
  if (target !== undefined && !project.makeTargets.includes(target)) return `there is no make ${target}`;
  const local = /^make (up|down) ARGS=(['"])(.*?)\2/.exec(command);
  if (local !== null) return project.commandProblem(`aws-media local ${local[1]} ${local[3]}`);
  const only = /ONLY=(['"])(.*?)\1/.exec(command)?.[2];
  if (only === undefined) return undefined;
  const pattern = new RegExp(only);
  return project.testNames.some((name) => pattern.test(name)) ? undefined : `no test is named ${only}`;
}

/** "Of 311 rows 36 are shown, 27 in part, 5 have their runtime side, 243 are open." */
export function headSentence(rows: readonly CoverageRow[]): string {
  const counts = Object.entries(STATES).map(
    ([word, words]) => `${rows.filter((row) => stateWord(row) === word).length} ${words}`,
  );
  return `Of ${rows.length} rows ${counts.join(', ')}.`;
}

function headProblems(page: string, rows: readonly CoverageRow[]): string[] {
  const expected = headSentence(rows);
  return page.includes(expected) ? [] : [`the head should say: ${expected}`];
}
