import { AWSX_INVOKES, imageById } from './awsx/invokes';
import { AWSX_RESOURCES } from './awsx/resources';
import { EKS_RESOURCES } from './eks/resources';
import { IAM } from './iam';
import { imageParameter, INVOKES } from './invokes';
import { arn } from './names';
import { S3 } from './s3';
import { SERVICES } from './services';
import type { Fields } from '../graph/values';
import type { Double, DoubleAnswer, DoubleContext, InvokeContext } from './types';

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

/** What AWS would decide of a resource; where there is no double for its type, an id, and for AWS an arn. */
export function answer(context: DoubleContext): DoubleAnswer {
  const double = Object.hasOwn(DOUBLES, context.type) ? DOUBLES[context.type] : undefined;
  return double ? double(context) : echo(context);
}

/** The answer to a function of the provider; undefined where there is no double. */
export function answerInvoke(token: string, args: Fields, context: InvokeContext): Fields | undefined {
  const all = { ...INVOKES, ...AWSX_INVOKES };
  const double = Object.hasOwn(all, token) ? all[token] : undefined;
  return double ? double(args, context) : (imageParameter(token, args) ?? imageById(token, args, context));
}

function echo(context: DoubleContext): DoubleAnswer {
  const id = `${context.name}-${context.token}`;
  const [provider, module = ''] = context.type.split(':');
  if (provider !== 'aws') return { id, outputs: {} };
  const [service = '', kind = ''] = module.split('/');
  return { id, outputs: { arn: arn(context, service, `${kind}/${id}`) } };
}
