/** Lines of a playlist, and what is wrong with each by itself. */
import { parseAttributeList, parseDate, typeProblem, type Attributes } from './attributes';
import { TAGS, type TagSpec } from './tags';

export interface Tag {
  readonly kind: 'tag';
  readonly line: number;
  readonly name: string;
  readonly value: string;
  readonly attributes: Attributes;
}
export interface UriLine {
  readonly kind: 'uri';
  readonly line: number;
  readonly uri: string;
}
export type Item = Tag | UriLine;

/** A breach of the syntax; `rule` is one of S1 to S5 or the rule that forbids it. */
export interface Issue {
  readonly rule: string;
  readonly code: string;
  readonly line: number;
  readonly found: string;
}

const NONE: Attributes = new Map();

function valueProblem(spec: TagSpec, value: string): string | undefined {
  switch (spec.value) {
    case 'none':
      return value === '' ? undefined : 'takes no value';
    case 'integer':
      return /^[0-9]{1,20}$/.test(value) ? undefined : 'needs a decimal integer';
    case 'date':
      return parseDate(value) === undefined ? 'needs an ISO 8601 date' : undefined;
    case 'range':
      return /^[0-9]+(@[0-9]+)?$/.test(value) ? undefined : 'needs length[@offset]';
    case 'inf':
      return /^[0-9]+(\.[0-9]+)?(,|$)/.test(value) ? undefined : 'needs <duration>,[<title>]';
    default:
      return value === '' ? 'needs a value' : undefined;
  }
}

function attributeIssues(name: string, spec: TagSpec, attributes: Attributes, line: number): Issue[] {
  const issues: Issue[] = [];
  for (const [attribute, rule] of Object.entries(spec.attributes ?? {})) {
    const value = attributes.get(attribute);
    if (value === undefined) {
      if (rule.required === true) {
        issues.push({
          rule: 'S3',
          code: `${name}.${attribute}`,
          line,
          found: `#${name} has no ${attribute}`,
        });
      }
      continue;
    }
    const problem = typeProblem(value, rule.type);
    const shown = value.quoted ? `"${value.text}"` : value.text;
    if (problem !== undefined) {
      issues.push({
        rule: 'S2',
        code: `${name}.${attribute}`,
        line,
        found: `${attribute}=${shown} of #${name} is not ${problem}`,
      });
    } else if (rule.values !== undefined && !rule.values.includes(value.text)) {
      const allowed = rule.values.join(' or ');
      issues.push({
        rule: 'S2',
        code: `${name}.${attribute}`,
        line,
        found: `${attribute}=${shown} of #${name} is not ${allowed}`,
      });
    }
  }
  return issues;
}

function readTag(raw: string, line: number, issues: Issue[]): Tag {
  const colon = raw.indexOf(':');
  const name = colon < 0 ? raw.slice(1) : raw.slice(1, colon);
  const value = colon < 0 ? '' : raw.slice(colon + 1);
  const spec = TAGS[name];
  if (spec === undefined) return { kind: 'tag', line, name, value, attributes: NONE };
  const problem = valueProblem(spec, value);
  if (problem !== undefined) {
    issues.push({ rule: 'S2', code: name, line, found: `#${name} ${problem}; it has "${value}"` });
  }
  if (spec.value !== 'attributes') return { kind: 'tag', line, name, value, attributes: NONE };
  const { attributes, problems } = parseAttributeList(value);
  for (const found of problems) issues.push({ rule: 'S2', code: name, line, found: `#${name}: ${found}` });
  issues.push(...attributeIssues(name, spec, attributes, line));
  return { kind: 'tag', line, name, value, attributes };
}

/** Items in order; comments and blank lines are dropped, line numbers kept. */
export function readLines(text: string, issues: Issue[]): Item[] {
  if (text.startsWith('\uFEFF')) {
    issues.push({ rule: 'S1', code: 'bom', line: 1, found: 'the playlist begins with a byte order mark' });
  }
  const items: Item[] = [];
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [index, withReturn] of lines.entries()) {
    const raw = withReturn.endsWith('\r') ? withReturn.slice(0, -1) : withReturn;
    const line = index + 1;
    if (index === 0 && raw !== '#EXTM3U') {
      issues.push({
        rule: 'S1',
        code: 'extm3u',
        line,
        found: `the first line is "${raw.slice(0, 60)}", not #EXTM3U`,
      });
    }
    // Exactly those that section 4.1 forbids.
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(raw)) {
      issues.push({ rule: 'S1', code: 'control', line, found: 'the line has a control character in it' });
    }
    if (raw === '' || (raw.startsWith('#') && !raw.startsWith('#EXT'))) continue;
    if (raw.startsWith('#')) items.push(readTag(raw, line, issues));
    else items.push({ kind: 'uri', line, uri: raw });
  }
  return items;
}

/** Tags that may be there only once, and tags of the other kind of playlist. */
export function placementIssues(items: readonly Item[], kind: 'media' | 'multivariant'): Issue[] {
  const issues: Issue[] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== 'tag') continue;
    const spec = TAGS[item.name];
    if (spec === undefined) continue;
    if (spec.in !== 'both' && spec.in !== kind) {
      issues.push({
        rule: 'S4',
        code: item.name,
        line: item.line,
        found: `#${item.name} does not belong in a ${kind} playlist`,
      });
    }
    const first = seen.get(item.name);
    if (spec.once === true && first !== undefined) {
      issues.push({
        rule: 'S5',
        code: item.name,
        line: item.line,
        found: `#${item.name} is there again; the first is on line ${first}`,
      });
    }
    seen.set(item.name, first ?? item.line);
  }
  return issues;
}
