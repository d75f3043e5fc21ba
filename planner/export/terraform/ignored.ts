import type { MappedInput, MappedResource, MappedShape, Mapping } from './mapping';

/**
 * A path of `ignoreChanges` as Terraform writes it: `vpcConfig.subnetIds` is `vpc_config[0].subnet_ids`. Undefined where
 * it has no counterpart: Terraform cannot name what is in a set, nor all items of a list.
 */
export function ignoredPath(property: string, mapped: MappedResource, mapping: Mapping): string | undefined {
  const steps = stepsOf(property);
  let shape: MappedShape | undefined = mapped;
  let written = '';
  for (let n = 0; steps !== undefined && n < steps.length; n++) {
    const step: string | number = steps[n]!;
    if (shape === undefined) {
      written += `[${JSON.stringify(step)}]`;
      continue;
    }
    const input: MappedInput | undefined = typeof step === 'string' ? shape.inputs.get(step) : undefined;
    if (!input) return undefined;
    written += written === '' ? input.name : `.${input.name}`;
    shape = input.object === undefined ? undefined : mapping.object(input.object);
    if (shape === undefined || n === steps.length - 1) continue;
    if (input.set) return undefined;
    if (input.wrap) written += '[0]';
    else if (input.map) written += `[${JSON.stringify(steps[++n])}]`;
    else if (typeof steps[n + 1] === 'number') written += `[${steps[++n]}]`;
  }
  return steps && written;
}

/** `a.b[0]["c d"]` in its steps. */
function stepsOf(property: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const step = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (step.lastIndex < property.length) {
    const [, name, number, quoted] = step.exec(property) ?? [];
    if (name !== undefined) steps.push(name);
    else if (number !== undefined) steps.push(Number(number));
    else if (quoted !== undefined) steps.push(quoted.replaceAll(/\\(.)/g, '$1'));
    else return undefined;
  }
  return steps.length > 0 ? steps : undefined;
}
