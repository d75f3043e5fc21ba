import { AWSX_INVOKES, imageById } from './awsx/invokes';
import { AWSX_RESOURCES } from './awsx/resources';
import { EKS_RESOURCES } from './eks/resources';
import { nameInput } from './auto-names';
import { judgedDefaults } from './defaults';
import { IAM } from './iam';
import { imageParameter, INVOKES } from './invokes';
import { arn } from './names';
import { ownedByAws } from './owned-by-aws';
import { S3 } from './s3';
import { DECIDED_OUTPUTS } from './sdk-types';
import { SERVICES } from './services';
import type { Fields } from '../graph/values';
import type { Double, DoubleAnswer, DoubleContext, InvokeContext } from './types';

export { nameInput } from './auto-names';
export { ACCOUNT, partitionOf, tokenOf, uuid } from './names';
export type { Double, DoubleAnswer, DoubleContext, InvokeContext } from './types';

const DOUBLES: { readonly [type: string]: Double } = {
  ...S3,
  ...IAM,
  ...SERVICES,
  ...AWSX_RESOURCES,
  ...EKS_RESOURCES,
};

export function isModelled(type: string): boolean {
  return Object.hasOwn(DOUBLES, type);
}

/**
 * What AWS would decide of a resource. Where there is no double for its type, an id, and for AWS a made up text for each
 * output of text.
 */
export function answer(context: DoubleContext): DoubleAnswer {
  const double = Object.hasOwn(DOUBLES, context.type) ? DOUBLES[context.type] : undefined;
  const made = double ? double(context) : echo(context);
  const filledIn = Object.entries(judgedDefaults(context.type)).filter(
    ([property]) => context.inputs[property] === undefined,
  );
  return { ...made, outputs: { ...Object.fromEntries(filledIn), ...made.outputs } };
}

/** The answer to a function of the provider; undefined where there is no double. */
export function answerInvoke(token: string, args: Fields, context: InvokeContext): Fields | undefined {
  const all = { ...INVOKES, ...AWSX_INVOKES };
  const double = Object.hasOwn(all, token) ? all[token] : undefined;
  if (double) return double(args, context);
  return imageParameter(token, args) ?? ownedByAws(token, args, context) ?? imageById(token, args, context);
}

function echo(context: DoubleContext): DoubleAnswer {
  const id = `${context.name}-${context.token}`;
  const [provider, module = ''] = context.type.split(':');
  if (provider !== 'aws') return { id, outputs: {} };
  const [service = '', kind = ''] = module.split('/');
  const name = nameInput(context.type);
  const prefix = name === undefined ? undefined : context.inputs[`${name}Prefix`];
  const made = typeof prefix === 'string' ? `${prefix}${context.token}` : id;
  const decided = (DECIDED_OUTPUTS[context.type] ?? []).map((output): [string, string] => {
    if (output === 'arn') return [output, arn(context, service, `${kind}/${id}`)];
    // Another value for each, so that each leads back to its own output.
    const own = `${output}-${id}`;
    if (output.endsWith('Arn')) return [output, arn(context, service, `${kind}/${own}`)];
    return [
      output,
      /ur[il]$/i.test(output) ? `https://${service}.${context.region}.amazonaws.com/${own}` : own,
    ];
  });
  return {
    id,
    outputs: {
      ...Object.fromEntries(decided),
      ...(name !== undefined && context.inputs[name] === undefined && { [name]: made }),
    },
  };
}
