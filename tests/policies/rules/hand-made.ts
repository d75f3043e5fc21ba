/** Stacks as no program makes them: with ids written by hand, or with values that nobody knows yet. */
import {
  Stack,
  verdictOn,
  type Resource,
  type Rule,
  type Values,
  type Verdict,
} from '../../../policies/core';

/** @param from names of the resources that a property's value came from */
export const made = (
  type: string,
  name: string,
  props: Values,
  from: Readonly<Record<string, readonly string[]>> = {},
): Resource => ({
  urn: urn(name),
  ...{ type, name, props },
  options: { protect: false, retainOnDelete: false },
  defaultTags: {},
  region: undefined,
  parent: undefined,
  from: Object.fromEntries(Object.entries(from).map(([property, names]) => [property, names.map(urn)])),
});

const urn = (name: string): string => `urn:pulumi:prod::media::${name}`;

/** What a rule says of the first of some resources. */
export const said = (rule: Rule, first: Resource, ...others: readonly Resource[]): Verdict =>
  verdictOn(rule, first, new Stack([first, ...others]));
