import type { Properties } from './properties';

const TASK_DEFINITION = 'aws:ecs/taskDefinition:TaskDefinition';

/**
 * Revisions of task definitions: AWS counts them by family and never goes back, so that what is made in place of another
 * has another ARN, and services see it.
 */
export class Revisions {
  readonly #made = new Map<string, number>();

  /**
   * What is computed for a resource that is made now.
   * @param preview whether it is only asked for
   */
  count(type: string, computed: Properties, preview: boolean): Properties {
    const family = computed['arnWithoutRevision'];
    if (type !== TASK_DEFINITION || typeof family !== 'string') return computed;
    const revision = (this.#made.get(family) ?? 0) + 1;
    if (!preview) this.#made.set(family, revision);
    return { ...computed, revision, arn: `${family}:${revision}` };
  }
}
