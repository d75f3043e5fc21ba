/** What stands above all graphs. Pure. */
import type { Facts } from './facts';
import { text, type Widget } from './widgets';

/** @param more a sentence, with a space before it */
export function headline(title: string, { runbook }: Facts, more = ''): Widget {
  const book = runbook === undefined ? 'docs/runbook.md of pulumi-aws-media' : `[the runbook](${runbook})`;
  const lines = [
    `## ${title}`,
    `Each alarm has a section of its name in ${book}.${more}`,
    'This dashboard is made by a Pulumi program, which puts back what is changed here.',
  ];
  return text(lines.join('\n'), lines.length);
}
