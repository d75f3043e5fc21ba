import { createHash } from 'node:crypto';
import { arn, physicalName, text, uuid } from '../names';
import { madeId, overGiven } from '../awsx/resources';
import type { Double, DoubleContext } from '../types';

/** Types of aws that eks makes. */

/** AWS's default where the program names no version; it moves every few months. */
const VERSION = '1.34';

const cluster: Double = (context) => {
  const { region, token } = context;
  const name = physicalName(context, 'name');
  const id = `${token}${createHash('sha256').update(token).digest('hex').slice(0, 25)}`.toUpperCase();
  return {
    id: name,
    outputs: {
      ...{ name, arn: arn(context, 'eks', `cluster/${name}`), region, status: 'ACTIVE', version: VERSION },
      endpoint: `https://${token}${id.slice(7)}.gr7.${region}.eks.amazonaws.com`,
      certificateAuthority: {
        data: Buffer.from(`stand-in for the certificate of ${name}`).toString('base64'),
      },
      identities: [
        { oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${token}${id.slice(7)}` }] },
      ],
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: '172.20.0.0/16', serviceIpv6Cidr: '' },
      platformVersion: 'eks.1',
    },
  };
};

/** What AWS adds to the arguments of the cluster: its own security group. */
const clusterWithNetwork: Double = (context) => {
  const made = overGiven({ [context.type]: cluster })[context.type]?.(context) ?? cluster(context);
  const given = context.inputs['vpcConfig'];
  return {
    ...made,
    outputs: {
      ...made.outputs,
      vpcConfig: {
        ...(typeof given === 'object' ? given : {}),
        clusterSecurityGroupId: madeId('sg', context.token),
      },
    },
  };
};

function clusterOf({ inputs }: DoubleContext): string {
  return text(inputs['clusterName']) ?? '';
}

const nodeGroup: Double = (context) => {
  const name = physicalName(context, 'nodeGroupName');
  const of = clusterOf(context);
  return {
    id: `${of}:${name}`,
    outputs: {
      ...{ nodeGroupName: name, status: 'ACTIVE', region: context.region },
      arn: arn(context, 'eks', `nodegroup/${of}/${name}/${uuid(context.token)}`),
      resources: [{ autoscalingGroups: [{ name: `eks-${name}-${context.token}` }] }],
    },
  };
};

const addon: Double = (context) => {
  const [of, name] = [clusterOf(context), text(context.inputs['addonName']) ?? context.name];
  return {
    id: `${of}:${name}`,
    outputs: {
      arn: arn(context, 'eks', `addon/${of}/${name}/${uuid(context.token)}`),
      region: context.region,
    },
  };
};

const fargateProfile: Double = (context) => {
  const name = physicalName(context, 'fargateProfileName');
  const of = clusterOf(context);
  return {
    id: `${of}:${name}`,
    outputs: {
      ...{ fargateProfileName: name, status: 'ACTIVE', region: context.region },
      arn: arn(context, 'eks', `fargateprofile/${of}/${name}/${uuid(context.token)}`),
    },
  };
};

const accessEntry: Double = (context) => {
  const [of, principal] = [clusterOf(context), text(context.inputs['principalArn']) ?? ''];
  return {
    id: `${of}:${principal}`,
    outputs: {
      accessEntryArn: arn(context, 'eks', `access-entry/${of}/${uuid(context.token)}`),
      region: context.region,
    },
  };
};

const accessPolicyAssociation: Double = (context) => ({
  id: `${clusterOf(context)}#${text(context.inputs['principalArn']) ?? ''}#${text(context.inputs['policyArn']) ?? ''}`,
  outputs: { region: context.region },
});

const podIdentityAssociation: Double = (context) => {
  const of = clusterOf(context);
  const associationId = `a-${context.token}`;
  return {
    id: associationId,
    outputs: {
      ...{ associationId, region: context.region },
      associationArn: arn(context, 'eks', `podidentityassociation/${of}/${associationId}`),
    },
  };
};

const openIdConnectProvider: Double = ({ inputs, partition, account, token }) => {
  const host = (text(inputs['url']) ?? token).replace(/^https:\/\//, '');
  const itself = `arn:${partition}:iam::${account}:oidc-provider/${host}`;
  return { id: itself, outputs: { arn: itself } };
};

export const EKS_RESOURCES: { readonly [type: string]: Double } = {
  ...overGiven({
    'aws:eks/nodeGroup:NodeGroup': nodeGroup,
    'aws:eks/addon:Addon': addon,
    'aws:eks/fargateProfile:FargateProfile': fargateProfile,
    'aws:eks/accessEntry:AccessEntry': accessEntry,
    'aws:eks/accessPolicyAssociation:AccessPolicyAssociation': accessPolicyAssociation,
    'aws:eks/podIdentityAssociation:PodIdentityAssociation': podIdentityAssociation,
    'aws:iam/openIdConnectProvider:OpenIdConnectProvider': openIdConnectProvider,
  }),
  'aws:eks/cluster:Cluster': clusterWithNetwork,
};
