/** Code of a CloudFront function: what its runtime reads. It is compiled, and never run. */
import { Script } from 'node:vm';
import type { Problems } from '../problems';

const GUIDE = 'CloudFront Developer Guide, "JavaScript runtime 2.0 features for CloudFront Functions"';
const QUOTAS = 'CloudFront Developer Guide, "Quotas on CloudFront Functions"';
const MAX_BYTES = 10 * 1024;
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'cloudfront-js-1.0': ['crypto', 'querystring'],
  'cloudfront-js-2.0': ['crypto', 'querystring', 'buffer'],
};
/** Names that are there in Node, and not in a function. */
const ABSENT = [
  ...['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'process', 'URL', 'URLSearchParams', 'eval'],
  ...['XMLHttpRequest', 'structuredClone'],
];

/** @param runtime `cloudfront-js-2.0`, or what the input says */
export function checkFunctionCode(code: string, runtime: unknown, problems: Problems): void {
  const bytes = Buffer.byteLength(code);
  if (bytes > MAX_BYTES) {
    const allowed = `at most ${MAX_BYTES} (${QUOTAS})`;
    problems.refuse('', { problem: `${bytes} bytes`, allowed, fix: 'shorten it, or use a key value store' });
  }
  const script = code.replaceAll(/^[ \t]*import\s+[\w$]+\s+from\s+['"]cloudfront['"];?/gm, '');
  try {
    new Script(`(function(){${script}\n})`);
  } catch (error) {
    const allowed = `JavaScript (${GUIDE})`;
    problems.refuse('', { problem: (error as Error).message, allowed, fix: 'correct the syntax' });
    return;
  }
  const plain = withoutTexts(script);
  if (!/(?:function\s+handler\s*\(|\bhandler\s*=)/.test(plain)) {
    const allowed = `a function called handler (${GUIDE})`;
    problems.refuse('', { problem: 'no handler', allowed, fix: 'write function handler(event) {...}' });
  }
  const known = MODULES[String(runtime)] ?? MODULES['cloudfront-js-2.0']!;
  for (const [, , name = ''] of script.matchAll(/\brequire\(\s*(['"])([^'"]*)\1/g)) {
    if (known.includes(name)) continue;
    const allowed = `${known.join(', ')} (${GUIDE})`;
    problems.ineffective('', {
      value: name,
      problem: 'no module of the runtime',
      allowed,
      fix: 'do without it',
    });
  }
  for (const name of ABSENT) {
    if (!new RegExp(`(?<![\\w$.])${name}\\s*[.(]`).test(plain)) continue;
    const problem = 'the runtime has no such name, so each call fails';
    problems.ineffective('', { value: name, problem, allowed: `what ${GUIDE} lists`, fix: 'do without it' });
  }
}

/** Comments and texts say nothing of what is called. */
function withoutTexts(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, ' ');
}
