import { blocks, found, resourceRule, text, type Resource } from '../../core';

/** Names of images of Amazon Linux 2, in each place that has one. */
const NAMES: Readonly<Record<string, RegExp>> = {
  'aws:batch/computeEnvironment:ComputeEnvironment': /^E[CK]S_AL2(_NVIDIA)?$/,
  'aws:codebuild/project:Project': /amazonlinux2?-(?:x86_64-standard:[1-4]|aarch64-standard:[12])\./,
  'aws:ec2/instance:Instance': /amzn2-|amazon-linux-2\//,
  'aws:ec2/launchTemplate:LaunchTemplate': /amzn2-|amazon-linux-2\//,
  'aws:eks/nodeGroup:NodeGroup': /^AL2_/,
  'aws:lambda/function:Function': /^provided\.al2$/,
};

const PATHS: Readonly<Record<string, string>> = {
  'aws:codebuild/project:Project': 'environment.image',
  'aws:ec2/instance:Instance': 'ami',
  'aws:ec2/launchTemplate:LaunchTemplate': 'imageId',
  'aws:eks/nodeGroup:NodeGroup': 'amiType',
  'aws:lambda/function:Function': 'runtime',
};

function imagesOf(resource: Resource): readonly (string | undefined)[] {
  const path = PATHS[resource.type];
  return path === undefined
    ? blocks(resource, 'computeResources.ec2Configurations').map((each) => text(each, 'imageType'))
    : [text(resource, path)];
}

export const noAmazonLinux2 = resourceRule({
  id: 'no-amazon-linux-2',
  family: 'retired',
  title: 'Nothing starts from Amazon Linux 2',
  severity: 'medium',
  controls: [],
  why: 'Amazon Linux 2 ended on 2026-06-30, its images for EKS on 2025-11-26: neither the kernel nor the GPU driver gets another fix.',
  fix: "Amazon Linux 2023: `resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id`, `amiType: 'AL2023_x86_64_NVIDIA'`, `runtime: 'provided.al2023'`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(NAMES),
  check: (resource) => {
    const name = NAMES[resource.type];
    return found(
      imagesOf(resource)
        .filter((image) => image !== undefined && name?.test(image))
        .map(() => 'its image is Amazon Linux 2'),
    );
  },
});
