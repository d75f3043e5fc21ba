/** Markdown pages as far as their checks need it: links, headings, code. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Fence {
  readonly language: string;
  /** Without the indentation of a list that it may stand in. */
  readonly code: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** What an HTML comment in the line above it says. */
  readonly note: string | undefined;
}

export interface Page {
  /** From the root of the checkout. */
  readonly file: string;
  readonly links: readonly string[];
  /** What `#...` may name. */
  readonly anchors: ReadonlySet<string>;
  /** `inline code`, outside of fences. */
  readonly inline: readonly string[];
  readonly fences: readonly Fence[];
}

/** The project's own pages; those of packages, of what is built and of what tests read are not. */
export function readPages(root = process.cwd()): Page[] {
  return globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md', 'policies/*.md'], { cwd: root })
    .sort()
    .map((file) => readPage(file, readFileSync(path.join(root, file), 'utf8')));
}

export function readPage(file: string, text: string): Page {
  const { prose, fences } = split(text);
  const plain = prose.replace(/`[^`\n]+`/g, '');
  const links = [...plain.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return {
    file,
    links,
    anchors: anchors(prose),
    inline: [...prose.matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map((match) => match[1]!.replace(/\s+/g, ' ')),
    fences,
  };
}

function split(text: string): { readonly prose: string; readonly fences: readonly Fence[] } {
  const prose: string[] = [];
  const fences: Fence[] = [];
  let open: { indent: string; language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(\s*)```(\w*)/.exec(line);
    if (open === undefined && fence !== null) {
      open = { indent: fence[1]!, language: fence[2]!, line: index + 1, lines: [] };
    } else if (open !== undefined && fence !== null) {
      const note = /^\s*<!--\s*(.*?)\s*-->$/.exec(text.split('\n')[open.line - 2] ?? '')?.[1];
      fences.push({ language: open.language, code: open.lines.join('\n'), line: open.line, note });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    } else prose.push(line);
  }
  if (open !== undefined) throw new Error(`a block of code begins in line ${open.line} and does not end`);
  return { prose: prose.join('\n'), fences };
}

/** As GitHub names headings: lower case, no punctuation, spaces as hyphens, a number where one comes again. */
function anchors(prose: string): Set<string> {
  const ids = [...prose.matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map((match) => match[1]!);
  const names = new Set<string>();
  for (const [, heading] of prose.matchAll(/^#{1,6} (.*)$/gm)) {
    const base = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let name = base;
    for (let again = 1; names.has(name); again++) name = `${base}-${again}`;
    names.add(name);
  }
  return new Set([...names, ...ids]);
}

/** Links of a page that lead nowhere. */
export function linkProblems(page: Page, pages: ReadonlyMap<string, Page>, root = process.cwd()): string[] {
  return page.links.flatMap((link) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? page.file : path.posix.join(path.posix.dirname(page.file), target);
    if (target !== '' && (file.startsWith('..') || !existsSync(path.join(root, file))))
      return [`${page.file}: ${link} leads to ${file}, which is not there`];
    if (anchor === undefined) return [];
    const known = pages.get(file)?.anchors ?? new Set();
    return known.has(anchor) ? [] : [`${page.file}: ${link}: ${file} has no heading of that name`];
  });
}

/** Pages that links lead to, from some on. A link to a folder leads to its README. */
export function reachable(from: readonly string[], pages: ReadonlyMap<string, Page>): Set<string> {
  const found = new Set<string>();
  const queue = from.filter((file) => pages.has(file));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const link of pages.get(file)!.links) {
      if (/^[a-z]+:/.test(link)) continue;
      const target = path.posix.join(path.posix.dirname(file), link.split('#')[0]!);
      const folder = existsSync(target) && statSync(target).isDirectory();
      const next = link.startsWith('#') ? file : folder ? path.posix.join(target, 'README.md') : target;
      if (pages.has(next)) queue.push(next);
    }
  }
  return found;
}

/** Lines of the shell in a page: in fences of `sh` or of no language, and what `inline code` says. */
export function shellLines(page: Page): string[] {
  const blocks = page.fences
    .filter(({ language }) => language === 'sh' || language === '')
    .flatMap(({ code }) => code.replaceAll('\\\n', ' ').split('\n'));
  return [...blocks, ...page.inline].map((line) =>
    line
      .replace(/\s+#\s.*$/, '')
      .replace(/^\s*\$ /, '')
      .trim(),
  );
}

/** Calls of a command in a line: at its start, after what joins commands, and in `"$(...)"`. */
export function calls(line: string, command: RegExp): string[] {
  return line
    .split(/&&|;|\||\$\(|\bthen\b/)
    .map((part) => part.trim().replace(/^(?:[A-Z_]+=\S+\s+)+/, ''))
    .filter((part) => command.test(part));
}
