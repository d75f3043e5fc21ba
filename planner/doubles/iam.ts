import { physicalName, text } from './names';
import type { Double, DoubleContext } from './types';

function iamArn({ partition, account, inputs }: DoubleContext, kind: string, name: string): string {
  return `arn:${partition}:iam::${account}:${kind}${text(inputs['path']) ?? '/'}${name}`;
}

/** The unique ids of IAM are a prefix by kind and 17 letters and digits. */
function uniqueId(prefix: string, token: string): string {
  return `${prefix}${token.padEnd(17, '0')}`;
}

const role: Double = (context) => {
  const name = physicalName(context, 'name');
  return {
    id: name,
    outputs: { name, arn: iamArn(context, 'role', name), uniqueId: uniqueId('AROA', context.token) },
  };
};

const policy: Double = (context) => {
  const name = physicalName(context, 'name');
  const itself = iamArn(context, 'policy', name);
  return { id: itself, outputs: { name, arn: itself, policyId: uniqueId('ANPA', context.token) } };
};

const instanceProfile: Double = (context) => {
  const name = physicalName(context, 'name');
  return {
    id: name,
    outputs: {
      name,
      arn: iamArn(context, 'instance-profile', name),
      uniqueId: uniqueId('AIPA', context.token),
    },
  };
};

const rolePolicy: Double = (context) => {
  const name = physicalName(context, 'name');
  return { id: `${text(context.inputs['role']) ?? ''}:${name}`, outputs: { name } };
};

const rolePolicyAttachment: Double = ({ inputs, token }) => ({
  id: `${text(inputs['role']) ?? ''}-${token}`,
  outputs: {},
});

export const IAM: { readonly [type: string]: Double } = {
  'aws:iam/role:Role': role,
  'aws:iam/policy:Policy': policy,
  'aws:iam/rolePolicy:RolePolicy': rolePolicy,
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': rolePolicyAttachment,
  'aws:iam/instanceProfile:InstanceProfile': instanceProfile,
};
