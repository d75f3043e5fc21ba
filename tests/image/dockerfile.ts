/** A Dockerfile read as far as tests ask: instructions by stage. */

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** Before the first stage. */
  readonly head: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export function parseDockerfile(text: string): Dockerfile {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const head: Instruction[] = [];
  const stages: { from: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [from = '', , stage = ''] = rest.split(/\s+/);
      stages.push({ from, name: stage, instructions: [] });
    } else (stages.at(-1)?.instructions ?? head).push({ name, text: rest });
  }
  return { head, stages };
}

/** A stage's instructions after those of the stages that it is built on. */
export function instructionsOf({ stages }: Dockerfile, name: string): readonly Instruction[] {
  const stage = stages.find((each) => each.name === name);
  if (!stage) throw new Error(`the Dockerfile has no stage ${name}`);
  const isOwn = stages.some((each) => each.name === stage.from);
  return [...(isOwn ? instructionsOf({ head: [], stages }, stage.from) : []), ...stage.instructions];
}

/** What a stage copies: `--from` and the paths. */
export const copiesOf = (instructions: readonly Instruction[]) =>
  instructions
    .filter(({ name }) => name === 'COPY' || name === 'ADD')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const paths = words.filter((word) => !word.startsWith('--'));
      return { from, sources: paths.slice(0, -1), target: paths.at(-1)! };
    });

/** Packages that a stage installs. */
export const packagesOf = (instructions: readonly Instruction[]): string[] =>
  instructions
    .filter(({ name }) => name === 'RUN')
    .flatMap(({ text }) => /packages\.sh ([^&]*)/.exec(text)?.[1]?.trim().split(/\s+/) ?? []);
