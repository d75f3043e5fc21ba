import { ACCOUNT, answer, answerInvoke, nameInput, partitionOf, tokenOf } from '../../planner/doubles';
import { reveal, same } from '../../planner/graph/values';
import { tagsAll } from '../../planner/record/default-tags';
import { Providers, type ProviderRow } from '../../planner/record/providers';
import { refuseDocuments } from '../aws-models/refuse';
import { generatedName, nameOf, typeOf } from './names';
import { inheritMarks, type Properties } from './properties';

/** What one provider of a program says of resources and data sources, by the planner's doubles. */
export class Answers {
  readonly #provider: ProviderRow;
  readonly #region: string;

  /** @param region where the provider says none */
  constructor(provider: ProviderRow, region: string) {
    this.#provider = provider;
    this.#region = region;
  }

  /** The region of a resource or data source. */
  region(inputs: Properties): string {
    const own = inputs['region'];
    if (typeof own === 'string' && own !== '') return own;
    return Providers.region(this.#provider) ?? this.#region;
  }

  /**
   * The inputs, with a name and the default tags where the real provider would add them.
   * @throws Error where a document in them is one that AWS would not take, or would take to no effect
   */
  checked(urn: string, inputs: Properties, before: Properties): Properties {
    const type = typeOf(urn);
    refuseDocuments(urn, type, reveal(inputs) as Properties, this.region(inputs));
    const tagged = this.#tagged(type, inputs);
    const input = nameInput(type);
    if (input === undefined || inputs[input] !== undefined || inputs[`${input}Prefix`] !== undefined) {
      return tagged;
    }
    // As the real one marks what it filled in; a name that a resource has already is kept through renames.
    return { ...tagged, [input]: before[input] ?? generatedName(urn), __defaults: [input] };
  }

  /** A resource that is made of these inputs. */
  made(urn: string, inputs: Properties): { readonly id: string; readonly computed: Properties } {
    const plain = reveal(inputs) as Properties;
    const context = { urn, type: typeOf(urn), name: nameOf(urn), token: tokenOf(urn) };
    const { id, outputs } = answer({ ...context, inputs: plain, ...this.#place(plain) });
    return { id, computed: inheritMarks(inputs, outputs) };
  }

  /**
   * What is computed for a resource that exists: it stays, whatever the resource is called now, unless it is made of an
   * input that changed.
   */
  updated(urn: string, change: { before: Properties; after: Properties; state: Properties }): Properties {
    const [before, after] = [change.before, change.after].map((inputs) => this.made(urn, inputs).computed);
    return Object.fromEntries(
      Object.entries(after ?? {}).map(([output, value]) => {
        const kept = same(value, before?.[output]) ? change.state[output] : undefined;
        return [output, kept ?? value];
      }),
    );
  }

  /** What is found of a resource that is there, of these inputs. */
  found(urn: string, inputs: Properties): { readonly inputs: Properties; readonly outputs: Properties } {
    const tagged = this.#tagged(typeOf(urn), inputs);
    return { inputs: tagged, outputs: { ...tagged, ...this.made(urn, tagged).computed } };
  }

  /** What is found by an id alone. Where the id of a type is its name, the resource has that name. */
  foundById(urn: string, id: string, state: Properties): Properties {
    const input = nameInput(typeOf(urn));
    const named = input === undefined || state[input] !== undefined ? state : { ...state, [input]: id };
    const isName = this.made(urn, named).id === id;
    return { ...this.made(urn, isName ? named : state).computed, ...state };
  }

  /** Undefined where there is no double. */
  invoked(
    token: string,
    args: Properties,
    resources: (type: string) => readonly Properties[],
  ): Properties | undefined {
    return answerInvoke(token, args, { ...this.#place(args), resources });
  }

  #tagged(type: string, inputs: Properties): Properties {
    const tags = tagsAll(type, inputs, Providers.defaultTags(this.#provider));
    return tags === undefined ? inputs : { ...inputs, tagsAll: tags };
  }

  #place(inputs: Properties): { region: string; account: string; partition: string } {
    const region = this.region(inputs);
    return { region, account: ACCOUNT, partition: partitionOf(region) };
  }
}
