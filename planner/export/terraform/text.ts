/** The path of a value in a configuration: `['resource', 'aws_s3_bucket', 'media', 'bucket']`. */
export type ValuePath = readonly (string | number)[];

export interface WrittenJson {
  readonly text: string;
  /** The path of what begins on each line; the first is line 1. */
  readonly pathOfLine: readonly (ValuePath | undefined)[];
}

/**
 * JSON with one value a line, and what stands on which line: Terraform says where it found a fault by line, and that
 * must lead back to the program's own argument.
 */
export function writeJson(value: unknown): WrittenJson {
  const lines: string[] = [];
  const paths: (ValuePath | undefined)[] = [undefined];
  const line = (text: string, path: ValuePath): void => {
    lines.push(text);
    paths.push(path);
  };
  const write = (item: unknown, path: ValuePath, indent: string, before: string, after: string): void => {
    if (Array.isArray(item) && item.length > 0) {
      line(`${indent}${before}[`, path);
      item.forEach((each, n) => write(each, [...path, n], `${indent}  `, '', n < item.length - 1 ? ',' : ''));
      line(`${indent}]${after}`, path);
    } else if (
      typeof item === 'object' &&
      item !== null &&
      !Array.isArray(item) &&
      Object.keys(item).length > 0
    ) {
      line(`${indent}${before}{`, path);
      const entries = Object.entries(item).filter(([, each]) => each !== undefined);
      entries.forEach(([key, each], n) =>
        write(
          each,
          [...path, key],
          `${indent}  `,
          `${JSON.stringify(key)}: `,
          n < entries.length - 1 ? ',' : '',
        ),
      );
      line(`${indent}}${after}`, path);
    } else {
      line(`${indent}${before}${JSON.stringify(item ?? null)}${after}`, path);
    }
  };
  write(value, [], '', '', '');
  return { text: `${lines.join('\n')}\n`, pathOfLine: paths };
}
