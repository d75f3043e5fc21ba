import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes an executable policy pack of one mandatory rule, "a bucket has tags", and answers its path. */
export function writePolicyPack(folder: string): string {
  const pack = join(folder, 'pack');
  mkdirSync(pack);
  writeFileSync(join(pack, 'package.json'), JSON.stringify({ name: 'tags', version: '1.0.0' }));
  const executable = join(pack, 'tags');
  writeFileSync(
    executable,
    `#!/bin/sh\nexec '${process.execPath}' '${join(__dirname, 'policy-pack-main.js')}' "$@"\n`,
  );
  chmodSync(executable, 0o755);
  return executable;
}
