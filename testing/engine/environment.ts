import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Values that are undefined take a variable away from what a child process would inherit. */
export type Environment = { readonly [name: string]: string | undefined };

/** The folder that everything of one engine is in: state, settings, projects, commands. */
export interface Place {
  readonly folder: string;
  /** Has `bin/pulumi`; the Automation API finds it by this folder. */
  readonly root: string;
  readonly environment: Environment;
}

/**
 * Lays out `folder` for runs of the CLI `pulumi` that share nothing with the user's own: state in files, settings of
 * their own, none of the user's PULUMI_* variables, no plugin fetched, no look for a newer version.
 */
export function layOut(folder: string, pulumi: string, debugProviders: string): Place {
  for (const name of ['state', 'home', 'bin']) mkdirSync(join(folder, name));
  const bin = join(folder, 'bin');
  symlinkSync(pulumi, join(bin, 'pulumi'));
  // From PATH, which comes before a host beside the CLI: the user's CLI may bring the real one.
  const host = join(bin, 'pulumi-language-nodejs');
  writeFileSync(
    host,
    `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(join(__dirname, 'language-host-main.js'))} "$@"\n`,
  );
  chmodSync(host, 0o755);
  const users = Object.keys(process.env).filter((name) => name.startsWith('PULUMI_'));
  return {
    folder,
    root: folder,
    environment: {
      ...Object.fromEntries(users.map((name) => [name, undefined])),
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
      PULUMI_HOME: join(folder, 'home'),
      // Secrets of the stand-in's stacks are encrypted too, and nothing real is among them.
      PULUMI_CONFIG_PASSPHRASE: 'stand-in',
      PULUMI_DEBUG_PROVIDERS: debugProviders,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    },
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
