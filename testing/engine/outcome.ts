import type { EngineEvent, OpType } from '@pulumi/pulumi/automation';
import { nameOf } from './names';

/** One step that the engine planned. */
export interface Step {
  readonly op: OpType;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs that differ, sorted; empty where nothing does. */
  readonly diffs: readonly string[];
  /** Those of them that replace the resource, sorted. */
  readonly replacing: readonly string[];
}

export interface Violation {
  readonly policy: string;
  readonly level: 'warning' | 'mandatory';
  readonly urn: string;
  readonly message: string;
}

/** What happened in one run of the engine, from its events. */
export interface Outcome {
  /** How many resources met each operation, as in the summary that Pulumi prints. */
  readonly changes: { readonly [op in OpType]?: number };
  readonly steps: readonly Step[];
  readonly violations: readonly Violation[];
  /** What the engine, the provider or the program reported as an error. */
  readonly errors: readonly string[];
}

/** A run that failed, with what happened until then. */
export class RunFailed extends Error {
  readonly outcome: Outcome;

  constructor(what: string, outcome: Outcome, cause: unknown) {
    const why = outcome.errors.length > 0 ? outcome.errors.join('\n') : String(cause);
    super(`${what} failed: ${why}`, { cause });
    this.name = 'RunFailed';
    this.outcome = outcome;
  }
}

/** Gathers the events of one run. */
export class OutcomeOfEvents {
  #changes: Outcome['changes'] = {};
  readonly #steps: Step[] = [];
  readonly #violations: Violation[] = [];
  readonly #errors: string[] = [];

  readonly take = (event: EngineEvent): void => {
    const { resourcePreEvent, policyEvent, diagnosticEvent, summaryEvent } = event;
    if (resourcePreEvent !== undefined) this.#steps.push(stepOf(resourcePreEvent.metadata));
    if (summaryEvent !== undefined) this.#changes = summaryEvent.resourceChanges;
    if (policyEvent !== undefined) {
      this.#violations.push({
        policy: policyEvent.policyName,
        level: policyEvent.enforcementLevel,
        urn: policyEvent.resourceUrn ?? '',
        message: plain(policyEvent.message),
      });
    }
    if (diagnosticEvent?.severity === 'error') this.#errors.push(plain(diagnosticEvent.message));
  };

  get outcome(): Outcome {
    return {
      changes: this.#changes,
      steps: this.#steps,
      violations: this.#violations,
      errors: this.#errors,
    };
  }
}

function stepOf(metadata: NonNullable<EngineEvent['resourcePreEvent']>['metadata']): Step {
  const { op, urn, type, detailedDiff, diffs } = metadata;
  const detailed = Object.entries(detailedDiff ?? {});
  return {
    op,
    urn,
    type,
    name: nameOf(urn),
    diffs: [...(diffs ?? [])].sort(),
    replacing: detailed
      .filter(([, { diffKind }]) => diffKind.endsWith('-replace'))
      .map(([input]) => input)
      .sort(),
  };
}

/** Without the marks from which the CLI makes colours. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, '').trim();
}
