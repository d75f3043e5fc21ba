import { createHash } from 'node:crypto';
import { arn, physicalName, text, uuid } from './names';
import type { Double } from './types';

const key: Double = (context) => {
  const keyId = uuid(context.token);
  return { id: keyId, outputs: { keyId, arn: arn(context, 'kms', `key/${keyId}`), region: context.region } };
};

const alias: Double = (context) => {
  const name = text(context.inputs['name']) ?? `alias/${context.name}-${context.token}`;
  const target = text(context.inputs['targetKeyId']) ?? '';
  return {
    id: name,
    outputs: {
      ...{ name, arn: arn(context, 'kms', name), region: context.region },
      targetKeyArn: target.startsWith('arn:') ? target : arn(context, 'kms', `key/${target}`),
    },
  };
};

const logGroup: Double = (context) => {
  const name = physicalName(context, 'name');
  return {
    id: name,
    outputs: { name, arn: arn(context, 'logs', `log-group:${name}`), region: context.region },
  };
};

const parameter: Double = (context) => {
  const name = physicalName(context, 'name');
  const path = name.startsWith('/') ? name : `/${name}`;
  return {
    id: name,
    outputs: { name, arn: arn(context, 'ssm', `parameter${path}`), version: 1, region: context.region },
  };
};

/** Secrets Manager adds six characters to the name. */
const secret: Double = (context) => {
  const name = physicalName(context, 'name');
  const itself = arn(context, 'secretsmanager', `secret:${name}-${context.token.slice(0, 6)}`);
  return { id: itself, outputs: { name, arn: itself, region: context.region } };
};

const secretVersion: Double = (context) => {
  const versionId = uuid(context.token);
  const of = text(context.inputs['secretId']) ?? '';
  return { id: `${of}|${versionId}`, outputs: { versionId, arn: of, region: context.region } };
};

/** What the function answers is its own matter; ours answer the digest of an image. */
const invocation: Double = ({ token }) => {
  const digest = createHash('sha256').update(token).digest('hex');
  return { id: token, outputs: { result: JSON.stringify(`sha256:${digest}`) } };
};

export const SERVICES: { readonly [type: string]: Double } = {
  'aws:lambda/invocation:Invocation': invocation,
  'aws:kms/key:Key': key,
  'aws:kms/alias:Alias': alias,
  'aws:cloudwatch/logGroup:LogGroup': logGroup,
  'aws:ssm/parameter:Parameter': parameter,
  'aws:secretsmanager/secret:Secret': secret,
  'aws:secretsmanager/secretVersion:SecretVersion': secretVersion,
};
