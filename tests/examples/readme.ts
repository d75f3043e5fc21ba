/** A README of an example, as far as what it says can be checked. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve('examples');

/** Of each README, in this order. */
export const SECTIONS = [
  'What it makes',
  'From an empty folder',
  'What it costs',
  'What to change first',
  'What can go wrong',
  'How to remove it',
] as const;

export interface CostLine {
  readonly line: string;
  /** As it is written: `16.43`, or `2 x 0.40 = 0.80`. */
  readonly amount: string;
}

export interface Readme {
  readonly title: string;
  /** Headings of the second level. */
  readonly sections: readonly string[];
  readonly create: number;
  readonly read: number;
  /** Keys of the table of configuration. */
  readonly keys: readonly string[];
  /** Rows of the table of costs, the sum apart. */
  readonly costs: readonly CostLine[];
  readonly sum: string | undefined;
  /** Messages that are quoted. */
  readonly messages: readonly string[];
  /** Lines of the shell. */
  readonly shell: readonly string[];
}

const COUNT =
  /`pulumi preview` shows (\d+) resources to create, besides the stack itself(?:, and (\d+) that it only reads)?/;

const fileOf = (name: string): string => path.join(FOLDER, name, 'README.md');

const fences = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]!.trimEnd());

const rows = (text: string): string[][] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map((match) => match[1]!.split(' | '));

/** The text between a heading and the next one of its level or above. */
function under(text: string, heading: string): string {
  const [marks] = heading.split(' ');
  const from = text.indexOf(`\n${heading}\n`);
  if (from === -1) return '';
  const rest = text.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{2,${marks!.length}} `, 'm'));
  return end === -1 ? rest : rest.slice(0, end);
}

export function readReadme(name: string): Readme {
  const text = readFileSync(fileOf(name), 'utf8');
  const [, create = 'NaN', read = '0'] = COUNT.exec(text.replaceAll(/\s+/g, ' ')) ?? [];
  const costs = rows(under(text, '## What it costs')).slice(1);
  const lines = costs.map(([line, amount]) => ({ line: line!, amount: amount! }));
  return {
    title: /^# (.*)$/m.exec(text)?.[1] ?? '',
    sections: [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]!),
    ...{ create: Number(create), read: Number(read) },
    keys: rows(under(text, '### Configuration'))
      .slice(1)
      .map(([key]) => key!.replaceAll('`', '')),
    costs: lines.filter(({ line }) => line !== 'sum'),
    sum: lines.find(({ line }) => line === 'sum')?.amount,
    messages: fences(under(text, '## What can go wrong'), 'text'),
    shell: fences(text, 'sh').flatMap((code) => code.split('\n')),
  };
}

/** Writes the number of resources anew. */
export function writeCount(name: string, create: number): void {
  const text = readFileSync(fileOf(name), 'utf8');
  writeFileSync(fileOf(name), text.replace(/(?<=`pulumi preview` shows )\d+/, String(create)));
}
