/** What `aws-media plan` shows: a terminal's width of plain text, Markdown, the diagram, or JSON. */
import { sectionsOf, summaryLine, writeMarkdown, writeText } from '../planner/report';
import type { Plan } from '../planner/plan';

export interface ScreenFlags {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly diagram?: boolean;
}

/** @param columns of the terminal; a file or a pipe has none */
export function planScreen(plan: Plan, flags: ScreenFlags, columns: number | undefined): string {
  if (flags.json === true) return `${JSON.stringify(plan, null, 2)}\n`;
  if (flags.diagram === true) return plan.flow.mermaid;
  const sections = sectionsOf(plan, { all: flags.all ?? false });
  const summary = summaryLine(plan);
  if (flags.markdown === true)
    return writeMarkdown(
      `Plan of ${plan.project}, stack ${plan.stack}`,
      summary,
      sections,
      plan.flow.mermaid,
    );
  return writeText(summary, sections, columns ?? WIDTH_OF_A_PIPE);
}

const WIDTH_OF_A_PIPE = 100;
