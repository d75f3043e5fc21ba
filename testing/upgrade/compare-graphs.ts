import type { Graph, GraphProvider, GraphResource } from '../../planner/graph/types';
import { judgedReplacements } from '../../planner/export/terraform';
import { same } from '../../planner/graph/values';
import { compareInputs, Kept, type InputChange } from './changes';
import { identify, type Claim } from './identity';
import { severityOfDeletion, severityOfReplacement, STATEFUL_TYPES, type Severity } from './loss';
import { pairsOf } from './renames';
import { judgeChanges, type ReplacementTable } from './replacement-table';
import { STACK } from './urns';

/** What is known beside the two graphs. */
export interface CompareOptions {
  /** @default what the real AWS provider says of each input (docs/judge.md) */
  readonly replaces?: ReplacementTable;
  /** Further types whose resources hold data; {@link STATEFUL_TYPES} are known. */
  readonly stateful?: readonly string[];
}

/**
 * What the engine does. `update` also stands where nobody has judged what a change does; `read-replace` deletes what
 * the program only reads from now on; `discard` forgets what was only read.
 */
export type UpgradeOperation =
  'same' | 'create' | 'import' | 'delete' | 'update' | 'replace' | 'read' | 'read-replace' | 'discard';

/** What the engine does with one resource. */
export interface UpgradeStep {
  readonly operation: UpgradeOperation;
  /** Of the new version; of the old one where it is deleted or discarded. */
  readonly urn: string;
  /** Absent where it is the same. */
  readonly oldUrn?: string;
}

/** What an update does with one resource, and how bad that is. */
export interface UpgradeFinding {
  readonly urn: string;
  readonly type: string;
  readonly severity: Severity;
  readonly message: string;
}

/** A resource that is deleted and made again because its URN changed and no alias leads to the old one. */
export interface Renamed extends UpgradeFinding {
  /** What is deleted. */
  readonly from: string;
}

/** A resource that an alias carried over to another URN: it stays. */
export interface Aliased extends UpgradeFinding {
  readonly from: string;
}

/** A resource whose inputs change in place. */
export interface Changed extends UpgradeFinding {
  readonly changes: readonly InputChange[];
}

/** A resource that is replaced, and the inputs that make it so. */
export interface Replaced extends UpgradeFinding {
  /** Path of the input that replaces it; `provider` and `read` are of the resource itself. */
  readonly property: string;
  readonly change?: InputChange;
}

/** Something that could not be compared, and why. */
export interface NotCompared {
  readonly urn: string;
  readonly path: string;
  readonly why: string;
}

/** What an update from one version to the other would do. */
export interface UpgradeCheck {
  /** One a resource, in the order of the new version; deletions follow. */
  readonly steps: readonly UpgradeStep[];
  /** Deleted under one URN and created under another, for want of an alias. */
  readonly renamed: readonly Renamed[];
  readonly deleted: readonly UpgradeFinding[];
  readonly created: readonly UpgradeFinding[];
  /** Kept under another URN. */
  readonly aliased: readonly Aliased[];
  /** Changed in place. */
  readonly updates: readonly Changed[];
  /** Changed, and nobody has judged whether that replaces it. */
  readonly mayReplace: readonly Changed[];
  readonly replaces: readonly Replaced[];
  /** Two resources claim to have been one; the engine refuses the run. */
  readonly conflicts: readonly Claim[];
  /** Secrets, whose text no graph has. */
  readonly notCompared: readonly NotCompared[];
}

/**
 * What an update from one version of a program to another would do. Which resource is which is decided as by the
 * engine. A change of a value that AWS decides, because what it comes from is replaced, is not seen.
 * @throws RangeError where the two are not of one project and stack
 */
export function compareGraphs(before: Graph, after: Graph, options: CompareOptions = {}): UpgradeCheck {
  if (before.project !== after.project || before.stack !== after.stack) {
    throw new RangeError(
      `the graphs are of ${before.project}/${before.stack} and ${after.project}/${after.stack}: ` +
        'record both as the same project and stack, as they are parts of each URN',
    );
  }
  const check = new Check(before, after, options);
  return check.result();
}

class Check {
  readonly #before: Graph;
  readonly #after: Graph;
  readonly #table: ReplacementTable;
  readonly #stateful: ReadonlySet<string>;
  readonly #kept = new Kept();
  readonly #steps: UpgradeStep[] = [];
  readonly #aliased: Aliased[] = [];
  readonly #updates: Changed[] = [];
  readonly #mayReplace: Changed[] = [];
  readonly #replaces: Replaced[] = [];
  readonly #notCompared: NotCompared[] = [];

  constructor(before: Graph, after: Graph, options: CompareOptions) {
    this.#before = before;
    this.#after = after;
    this.#table = options.replaces ?? judgedReplacements();
    this.#stateful = new Set([...STATEFUL_TYPES, ...(options.stateful ?? [])]);
  }

  result(): UpgradeCheck {
    const { olds, conflicts } = identify(this.#before, this.#after);
    const created: GraphResource[] = [];
    for (const resource of this.#after.resources) {
      const old = olds.get(resource.urn);
      if (old) this.#compare(old, resource);
      else {
        const operation = resource.external ? 'read' : resource.options.importId ? 'import' : 'create';
        this.#steps.push({ operation, urn: resource.urn });
        if (operation === 'create') created.push(resource);
      }
    }
    const found = new Set([...olds.values()].map(({ urn }) => urn));
    const gone = this.#before.resources.filter(({ urn }) => !found.has(urn));
    for (const { urn, external } of gone) {
      this.#steps.push({ operation: external ? 'discard' : 'delete', urn });
    }
    const deleted = gone.filter(({ external }) => !external);
    const pairs = pairsOf(this.#before, this.#after, deleted, created, this.#kept);
    const [froms, tos] = [new Set(pairs.map(({ from }) => from)), new Set(pairs.map(({ to }) => to))];
    return {
      steps: this.#steps,
      renamed: pairs.map(({ from, to, remedy }) => ({
        ...{ urn: to.urn, from: from.urn, type: to.type },
        ...this.#deletion(from, `is deleted, and ${to.urn} created in its place: ${remedy}`),
      })),
      deleted: deleted
        .filter((each) => !froms.has(each))
        .map((each) => ({ urn: each.urn, type: each.type, ...this.#deletion(each, 'is deleted') })),
      created: created
        .filter((each) => !tos.has(each))
        .map(({ urn, type }) => ({ urn, type, severity: 'none', message: `${urn} is created` })),
      aliased: this.#aliased,
      updates: this.#updates,
      mayReplace: this.#mayReplace,
      replaces: this.#replaces,
      conflicts,
      notCompared: this.#notCompared,
    };
  }

  #deletion(old: GraphResource, what: string): Pick<UpgradeFinding, 'severity' | 'message'> {
    const severity = severityOfDeletion(old, this.#stateful);
    return { severity, message: `${old.urn} ${what}${CONSEQUENCES[severity]}` };
  }

  #compare(old: GraphResource, now: GraphResource): void {
    const step = (operation: UpgradeOperation): void => {
      this.#steps.push({ operation, urn: now.urn, ...(old.urn !== now.urn && { oldUrn: old.urn }) });
    };
    if (old.urn !== now.urn) {
      const message = `${old.urn} is kept as ${now.urn}`;
      this.#aliased.push({ urn: now.urn, from: old.urn, type: now.type, severity: 'none', message });
    }
    if (old.external || now.external) return this.#compareRead(old, now, step);
    const { changes, secrets } = compareInputs(old, now, this.#kept);
    const why = 'the text of a secret is in no graph';
    this.#notCompared.push(...secrets.map((path) => ({ urn: now.urn, path, why })));
    const provider = this.#providerChange(old, now);
    const judged = judgeChanges(now, now.type === STACK ? [] : changes, this.#table);
    if (provider === 'replaces') this.#replace(old, now, 'provider');
    for (const change of judged.replaces) this.#replace(old, now, change.path, change);
    const isReplaced = provider === 'replaces' || judged.replaces.length > 0;
    const unjudged = [...judged.unjudged, ...(provider === 'may-replace' ? [{ path: 'provider' }] : [])];
    if (!isReplaced) this.#kept.add(old, now);
    if (!isReplaced && unjudged.length > 0) this.#mayBeReplaced(old, now, unjudged);
    if (!isReplaced && judged.updates.length > 0) {
      const severity = now.custom ? 'change' : 'none';
      this.#updates.push({
        ...{ urn: now.urn, type: now.type, severity, changes: judged.updates },
        message: `${now.urn} is changed in place: ${judged.updates.map(said).join(', ')}`,
      });
    }
    if (isReplaced) step('replace');
    else step(judged.unjudged.length + judged.updates.length > 0 ? 'update' : 'same');
  }

  #mayBeReplaced(old: GraphResource, now: GraphResource, changes: readonly InputChange[]): void {
    const severity = severityOfReplacement(old, now, this.#stateful);
    const what = changes.map(said).join(', ');
    this.#mayReplace.push({
      ...{ urn: now.urn, type: now.type, severity, changes },
      message: `${now.urn} may be replaced, as nobody has judged what this does: ${what}${CONSEQUENCES[severity]}`,
    });
  }

  #replace(old: GraphResource, now: GraphResource, property: string, change?: InputChange): void {
    const severity = severityOfReplacement(old, now, this.#stateful);
    const what = change ? said(change) : property;
    this.#replaces.push({
      ...{ urn: now.urn, type: now.type, severity, property },
      ...(change && { change }),
      message: `${now.urn} is replaced: ${what}${CONSEQUENCES[severity]}`,
    });
  }

  /** What is only read is neither made nor deleted; what was made and is read now is let go, or deleted. */
  #compareRead(old: GraphResource, now: GraphResource, step: (operation: UpgradeOperation) => void): void {
    if (now.external && (old.external || old.id === now.id)) {
      return step('read');
    }
    if (!now.external) {
      if (now.options.importId === old.id) return step('import');
      this.#replaces.push({
        ...{ urn: now.urn, type: now.type, severity: 'none', property: 'read' },
        message: `${now.urn} was only read until now, and another one is created: import it with the id ${old.id} to keep it`,
      });
      return step('replace');
    }
    const severity = severityOfDeletion(old, this.#stateful, false);
    this.#replaces.push({
      ...{ urn: now.urn, type: now.type, severity, property: 'read' },
      message: `${now.urn} is only read from now on, and the one that was made is deleted${CONSEQUENCES[severity]}`,
    });
    step('read-replace');
  }

  #providerChange(old: GraphResource, now: GraphResource): 'none' | 'may-replace' | 'replaces' {
    if (!now.custom || now.type.startsWith('pulumi:')) return 'none';
    const [was, is] = [providerOf(this.#before, old), providerOf(this.#after, now)];
    if (!was || !is) return 'none';
    if (was.region !== is.region) return 'replaces';
    if (was.urn === this.#kept.urn(is.urn)) return 'none';
    const isSame = same(was.configuration, this.#kept.was(is.configuration));
    return isSame ? 'none' : 'may-replace';
  }
}

function providerOf({ providers }: Graph, { provider }: GraphResource): GraphProvider | undefined {
  return provider === null ? undefined : providers.find(({ urn, id }) => `${urn}::${id}` === provider);
}

const CONSEQUENCES: Readonly<Record<Severity, string>> = {
  loss: '; its data are lost',
  blocked: '; it is protected, so the engine refuses the whole update',
  kept: '; it stays in AWS and leaves the stack (retainOnDelete)',
  change: '',
  none: '',
};

function said({ path, before, after }: InputChange): string {
  if (before === undefined && after === undefined) return path;
  const text = (value: unknown): string =>
    value === undefined ? 'nothing' : shortened(JSON.stringify(value));
  return `${path} from ${text(before)} to ${text(after)}`;
}

const LONGEST = 120;
const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}... (${text.length} characters)` : text;
