/**
 * The ARNs of the distributions that may read. A distribution is made from the bucket's outputs, and the bucket has
 * one policy, which names the distribution: so the policy waits for what is given after the constructor.
 */
import * as pulumi from '@pulumi/pulumi';
import { InputProblems } from '../kit';
import { distributionArn } from './rules';

interface Entry {
  readonly arn: pulumi.Output<string>;
  /** Absent where the ARN is there. */
  give?: (arn: pulumi.Output<string>) => void;
}

/** What waits for an ARN: at a program's end Pulumi itself would say only that promises were left. */
const waiting = new Set<DistributionArns>();

/**
 * Nothing is left to do, so nobody will give them any more. A program that failed has told why; tests with mocks,
 * which have no engine, are let be.
 */
function failWhereWaiting(): void {
  if (waiting.size === 0 || pulumi.runtime.getEngine() === undefined || pulumi.log.hasErrors()) return;
  const complaints = [...waiting].map((each) => each.complaint);
  waiting.clear();
  throw new pulumi.RunError(complaints.join('\n'));
}

export class DistributionArns {
  readonly #owner: string;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param owner as errors name it
   * @param given ARNs by id; undefined: to be given later
   */
  constructor(owner: string, given: ReadonlyMap<string, pulumi.Input<string> | undefined>) {
    this.#owner = owner;
    for (const [id, arn] of given) {
      if (arn !== undefined) this.#entries.set(id, { arn: pulumi.output(arn) });
      else {
        const [later, give] = pulumi.deferredOutput<string>();
        this.#entries.set(id, { arn: later, give });
      }
    }
    if (this.#waiting.length === 0) return;
    if (!process.listeners('beforeExit').includes(failWhereWaiting))
      process.on('beforeExit', failWhereWaiting);
    waiting.add(this);
    void this.#warnAtTheEnd();
  }

  /**
   * The program's function has returned. A grant may still follow inside an `apply`; where none does, a program of
   * the Automation API would wait for ever, because its process goes on.
   */
  async #warnAtTheEnd(): Promise<void> {
    const stack = pulumi.runtime.getStackResource();
    try {
      await (stack?.outputs as unknown as { promise(): Promise<unknown> } | undefined)?.promise();
    } catch {
      return;
    }
    if (stack && this.#waiting.length > 0) await pulumi.log.warn(this.complaint);
  }

  /** What is wrong where no grant follows. */
  get complaint(): string {
    const [first] = this.#waiting;
    return (
      `${this.#owner}: no ARN was given for distributions ${this.#waiting.join(', ')}, so the bucket's policy cannot be ` +
      `made; call grantCloudFrontRead('${first}', distribution.arn), give its ` +
      'distributionArn, or remove it'
    );
  }

  get #waiting(): string[] {
    return [...this.#entries].filter(([, { give }]) => give).map(([id]) => id);
  }

  /** In the order of the ids, so that another order of the arguments changes no policy. */
  get all(): pulumi.Output<string>[] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { arn }]) => arn);
  }

  /** @throws pulumi.InputPropertiesError where no ARN is waited for, or it is none */
  give(id: string, arn: pulumi.Input<string>): void {
    const problems = new InputProblems(`a grant (CloudFront) of ${this.#owner}`);
    const entry = this.#entries.get(id);
    if (!entry?.give) {
      problems.add('id', id, {
        because: entry ? 'its ARN is given already' : 'there is no such distribution',
        allowed: this.#waiting.join(', ') || 'none: no distribution waits for its ARN',
        fix: entry
          ? 'remove the second one'
          : `declare it in the store's arguments: distributions: { ${id}: {} }`,
      });
    }
    const checked = problems.check('distributionArn', arn, distributionArn);
    problems.throwIfAny();
    entry!.give!(pulumi.output(checked));
    delete entry!.give;
    if (this.#waiting.length === 0) waiting.delete(this);
  }
}
