/** A shell script: its interpreter, and the files that it writes. */
import { at, type Problems } from '../problems';
import { checkFile } from './files';

/** A script as a linter of scripts gets it. */
export interface Script {
  /** In the document. */
  readonly path: string;
  readonly shell: 'sh' | 'bash';
  readonly text: string;
}

const SHELLS: readonly (readonly [RegExp, Script['shell']])[] = [
  [/^#! *(?:\/usr)?\/bin\/(?:env +)?bash(?:\s|$)/, 'bash'],
  [/^#! *(?:\/usr)?\/bin\/(?:env +)?(?:sh|dash)(?:\s|$)/, 'sh'],
];

/** `cat > /etc/x <<'EOF'`, as far as the line with `EOF` alone. */
const HERE_DOCUMENT =
  /^[^\n#]*?(?:cat|tee)\b([^\n]*?)<<(-?)\s*(['"]?)(\w+)\3([^\n]*)\n([\s\S]*?)\n?^\t*\4$/gm;

/** The script itself, and those that it writes. */
export function checkScript(text: string, path: string, problems: Problems): readonly Script[] {
  const [first = ''] = text.split('\n', 1);
  if (first.endsWith('\r')) {
    const fix = 'end lines with \\n alone';
    problems.ineffective(path, {
      ...{ value: first, problem: 'the first line ends with a carriage return', allowed: '\\n', fix },
    });
    return [];
  }
  if (!/^#! *\/\S/.test(first)) {
    const allowed = 'an absolute path (Linux manual, execve, "Interpreter scripts")';
    problems.ineffective(path, {
      value: first,
      problem: 'no interpreter',
      allowed,
      fix: 'write #!/bin/bash',
    });
    return [];
  }
  const shell = SHELLS.find(([pattern]) => pattern.test(first))?.[1];
  if (shell === undefined) {
    problems.skip(path, `${first} is no shell`);
    return [];
  }
  const written = [...text.matchAll(HERE_DOCUMENT)].flatMap(
    ([, before = '', , quote, , after = '', content = '']): Script[] => {
      const file = /(?:>>?|tee(?: -a)?)\s*["']?(\/[^\s"';|]+)/.exec(`tee ${before} ${after}`)?.[1];
      // Without quotes around the mark the shell changes what it writes.
      if (file === undefined || (quote === '' && /[$`\\]/.test(content))) return [];
      const here = at(path === '' ? 'script' : path, file);
      checkFile({ file, content }, here, problems);
      const own = SHELLS.find(([pattern]) => pattern.test(content))?.[1];
      return own === undefined ? [] : [{ path: here, shell: own, text: `${content}\n` }];
    },
  );
  return [{ path, shell, text }, ...written];
}
