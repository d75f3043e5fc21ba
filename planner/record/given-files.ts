import { readFileSync } from 'node:fs';
import { isFields, markOf, secret } from '../graph/values';
import type { Fields } from '../graph/values';

/**
 * Outputs of stacks and answers of functions, by name: as objects, or as paths of JSON files. A file may be what
 * `pulumi stack output --json` prints, or a recorded graph, whose outputs are taken.
 * @throws Error that lists every file that can't be read
 */
export function readGiven(
  what: string,
  given: { readonly [name: string]: Fields | string },
): { [name: string]: Fields } {
  const problems: string[] = [];
  const result: { [name: string]: Fields } = {};
  for (const [name, value] of Object.entries(given)) {
    try {
      const content: unknown = typeof value === 'string' ? JSON.parse(readFileSync(value, 'utf8')) : value;
      if (!isFields(content)) throw new Error('it must be a JSON object');
      const graph = Array.isArray(content['resources']) && isFields(content['outputs']);
      const outputs = graph ? content['outputs'] : content;
      result[name] = unmarked(outputs) as Fields;
    } catch (error) {
      problems.push(`${what} ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return result;
}

/** What `pulumi stack output --json` prints in place of a secret. */
const HIDDEN = '[secret]';

/** A graph's mark of a secret, and Pulumi's own, become a secret with a text that stands in for it. */
function unmarked(value: unknown, at = ''): unknown {
  if (markOf(value) === '$secret' || value === HIDDEN) return secret(`stand-in-for-secret-output-${at}`);
  if (Array.isArray(value)) return value.map((item, n) => unmarked(item, `${at}[${n}]`));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, unmarked(item, at ? `${at}.${key}` : key)]),
  );
}
