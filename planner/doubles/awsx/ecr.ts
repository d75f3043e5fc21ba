// Follows awsx/ecr/repository.ts, image.ts, registryImage.ts and auth.ts of pulumi-awsx 3.9.0 (follows.ts has the
// revision).
import { createHash } from 'node:crypto';
import { AWSX, NEVER } from './follows';
import { isFields, reveal, secret } from '../../graph/values';
import { Traced, at, derived, items, merged, traced } from '../construct/traced';
import type { Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

export const REPOSITORY: ComponentDouble = {
  type: 'awsx:ecr:Repository',
  follows: AWSX,
  source: 'awsx/ecr/repository.ts',
  leavesOut: [...NEVER],
  make: makeRepository,
};

export const IMAGE: ComponentDouble = {
  type: 'awsx:ecr:Image',
  follows: AWSX,
  source: 'awsx/ecr/image.ts',
  leavesOut: [...NEVER, 'the build and the push: the digest is made up', 'the login at the registry'],
  make: makeImage,
};

export const REGISTRY_IMAGE: ComponentDouble = {
  type: 'awsx:ecr:RegistryImage',
  follows: AWSX,
  source: 'awsx/ecr/registryImage.ts',
  leavesOut: [...NEVER, 'the pull and the push: the digests are made up', 'the login at the registry'],
  make: makeRegistryImage,
};

interface Rule {
  readonly tagStatus?: string;
  readonly description?: string;
  readonly maximumNumberOfImages?: number;
  readonly maximumAgeLimit?: number;
  readonly tagPrefixList?: readonly string[];
}

async function makeRepository(component: Construction): Promise<Outputs> {
  const name = component.name.toLowerCase();
  const repository = await component.child(
    'aws:ecr/repository:Repository',
    name,
    component.allBut(['lifecyclePolicy']),
  );
  const url = repository.output('repositoryUrl');
  const given = component.given('lifecyclePolicy');
  if (given && at(given, 'skip').wire === true) return { repository: repository.reference, url };
  const rules = given && at(given, 'rules').isGiven ? at(given, 'rules') : new Traced(UNTAGGED);
  const policy = await component.child('aws:ecr/lifecyclePolicy:LifecyclePolicy', name, {
    repository: repository.output('name'),
    policy: derived(rules, policyOf),
    region: component.given('region'),
  });
  return { repository: repository.reference, url, lifecyclePolicy: policy.reference };
}

const UNTAGGED: readonly Rule[] = [
  { description: 'remove untagged images', tagStatus: 'untagged', maximumNumberOfImages: 1 },
];

/** Rules for all images come last, whatever their place. */
function policyOf(rules: readonly Rule[]): object {
  const forAll = rules.filter(({ tagStatus }) => tagStatus === 'any');
  if (forAll.length > 1) throw new Error('lifecyclePolicy: several rules have the tagStatus any; give one');
  const ordered = [...rules.filter(({ tagStatus }) => tagStatus !== 'any'), ...forAll];
  return {
    rules: ordered.map((rule, n) => ({
      rulePriority: n + 1,
      ...(rule.description !== undefined && { description: rule.description }),
      selection: { ...tagsOf(rule), ...countOf(rule) },
      action: { type: 'expire' },
    })),
  };
}

function tagsOf({ tagStatus, tagPrefixList = [] }: Rule): object {
  if (tagStatus === 'any' || tagStatus === 'untagged') return { tagStatus };
  if (tagPrefixList.length === 0) {
    throw new Error('lifecyclePolicy: a rule for tagged images needs a tagPrefixList');
  }
  return { tagStatus: 'tagged', tagPrefixList };
}

function countOf({ maximumNumberOfImages, maximumAgeLimit }: Rule): object {
  if (maximumNumberOfImages !== undefined) {
    return { countType: 'imageCountMoreThan', countNumber: maximumNumberOfImages };
  }
  if (maximumAgeLimit === undefined) {
    throw new Error('lifecyclePolicy: a rule needs maximumNumberOfImages or maximumAgeLimit');
  }
  return { countType: 'sinceImagePushed', countNumber: maximumAgeLimit, countUnit: 'days' };
}

async function makeImage(component: Construction): Promise<Outputs> {
  const repositoryUrl = component.given('repositoryUrl') ?? new Traced('');
  const tag =
    component.plain<string>('imageName') ?? component.plain<string>('imageTag') ?? uniqueName(component);
  const name = derived(repositoryUrl, (url: string) => `${url}:${tag}`);
  const cached = items(component.given('cacheFrom')) ?? [];
  const platform = component.given('platform');
  const image = await component.child('docker-build:index:Image', tag, {
    tags: [name],
    buildArgs: component.given('args'),
    cacheFrom: (cached.length > 0 ? cached : [name]).map((ref) => ({ registry: { ref } })),
    cacheTo: [{ inline: {} }],
    context: { location: component.given('context') ?? '.' },
    dockerfile: { location: component.given('dockerfile') },
    platforms: platform ? [platform] : [],
    target: component.given('target'),
    push: true,
    registries: [await loginOf(component, repositoryUrl)],
  });
  const digest = image.output('digest');
  return { imageUri: derived([repositoryUrl, digest], ([url, sum]: [string, string]) => `${url}@${sum}`) };
}

/** From what the image is made of, so that two images in one repository do not meet. */
function uniqueName(component: Construction): string {
  const args = component.plain<{ [name: string]: string }>('args') ?? {};
  const parts = [
    component.plain<string>('context') ?? '.',
    ...[component.plain<string>('dockerfile')].flatMap((file) => (file ? [`dockerfile=${file}`] : [])),
    ...Object.entries(args).map(([name, value]) => `arg[${name}]=${value}`),
  ];
  const sum = createHash('sha1')
    .update(`${parts.join(';')}${component.stack}`)
    .digest('hex');
  return `${sum.slice(0, 8)}-container`;
}

async function loginOf(component: Construction, repositoryUrl: Traced): Promise<Traced> {
  const registryId =
    component.given('registryId') ??
    derived(repositoryUrl, (url: string) => url.replace(/^https:\/\//, '').split('.')[0] ?? '');
  const answer = await component.invoke('aws:ecr/getAuthorizationToken:getAuthorizationToken', {
    registryId,
  });
  if (!isFields(answer.wire)) return answer;
  return traced({
    address: at(answer, 'proxyEndpoint'),
    username: at(answer, 'userName'),
    password: new Traced(secret(reveal(answer.wire['password'])), answer.urns),
  });
}

async function makeRegistryImage(component: Construction): Promise<Outputs> {
  const { name } = component;
  const repositoryUrl = component.given('repositoryUrl') ?? new Traced('');
  const login = await loginOf(component, repositoryUrl);
  const provider = await component.child(
    'pulumi:providers:docker',
    name,
    // A provider's nested arguments travel as JSON text.
    { registryAuth: derived([login], (logins: unknown[]) => JSON.stringify(logins)) },
    { parent: null },
  );
  const source = await component.invoke('docker:index/getRemoteImage:getRemoteImage', {
    name: component.given('sourceImage'),
  });
  const tag = component.plain<string>('tag') ?? 'latest';
  const tagged = await component.child(
    'docker:index/tag:Tag',
    name,
    {
      sourceImage: at(source, 'id'),
      targetImage: derived(repositoryUrl, (url: string) => `${url}:${tag}`),
    },
    { provider },
  );
  const image = await component.child(
    'docker:index/registryImage:RegistryImage',
    name,
    {
      ...component.some(['keepRemotely', 'insecureSkipVerify']),
      name: tagged.output('targetImage'),
      triggers: merged(component.given('triggers'), {
        '@pulumi/awsx/internal/sourceImage': at(source, 'id'),
      }),
    },
    { provider },
  );
  return { image: image.reference };
}
