/** Resources by their path from the stack down, which a person reads more easily than a URN. */
import { GraphQuery } from '../planner/graph/query';
import type { Graph, OutputName } from '../planner/graph/types';

export class PathNames {
  readonly #paths = new Map<string, string>();

  constructor(graph: Graph) {
    const query = new GraphQuery(graph);
    const times = new Map<string, number>();
    for (const resource of graph.resources) {
      const path = query.path(resource);
      this.#paths.set(resource.urn, path);
      times.set(path, (times.get(path) ?? 0) + 1);
    }
    for (const { urn, type } of graph.resources) {
      const path = this.#paths.get(urn) ?? '';
      if ((times.get(path) ?? 0) > 1) this.#paths.set(urn, `${path} (${type})`);
    }
  }

  /** The path; with the type where two resources share it. A URN that is not of the graph stays as it is. */
  path(urn: string): string {
    return this.#paths.get(urn) ?? urn;
  }

  /** `<path>#<output>`. */
  output(name: OutputName): string {
    const at = name.lastIndexOf('#');
    return `${this.path(name.slice(0, at))}${name.slice(at)}`;
  }
}
