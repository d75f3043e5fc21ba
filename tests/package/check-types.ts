/**
 * Compiles projects one after the other, each by its own tsconfig.json, and says what is wrong in their own files and
 * in this package's declarations. As `tsc` with `skipLibCheck: false`, but that the declarations of others are not
 * judged, and what several read is parsed once. A process of its own, for it takes a lot of memory:
 *   node check-types.js <folder>...
 */
import path from 'node:path';
import ts from 'typescript';

export interface Checked {
  readonly folder: string;
  readonly problems: readonly string[];
  /** How many declaration files of this package were judged. */
  readonly declarations: number;
}

const parsed = new Map<string, ts.SourceFile>();

/** A host that parses a file only once for each way to read it. */
function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, how, ...rest) => {
    const key = `${file} ${typeof how === 'object' ? `${how.languageVersion} ${how.impliedNodeFormat}` : how}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const source = read(file, how, ...rest);
    if (source !== undefined) parsed.set(key, source);
    return source;
  };
  return host;
}

function check(folder: string): Checked {
  const errors: ts.Diagnostic[] = [];
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(folder, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => errors.push(problem),
    },
  );
  if (config === undefined) return { folder, problems: errors.map(shown), declarations: 0 };
  const program = ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    host: hostOf(config.options),
  });
  const declarations = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes('/node_modules/pulumi-aws-media/'));
  const own = program
    .getSourceFiles()
    .filter(
      ({ fileName }) =>
        fileName.startsWith(`${path.resolve(folder)}/`) && !fileName.includes('/node_modules/'),
    );
  const problems = [
    ...config.errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...[...own, ...declarations].flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
    ...program.emit().diagnostics,
  ];
  return { folder, problems: problems.map(shown), declarations: declarations.length };
}

function shown({ file, start, messageText, code }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return `TS${code}: ${text}`;
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} TS${code}: ${text}`;
}

if (require.main === module) console.log(JSON.stringify(process.argv.slice(2).map(check)));
