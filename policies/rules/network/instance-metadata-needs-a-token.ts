import {
  among,
  blocks,
  found,
  given,
  isPlain,
  isValues,
  notApplicable,
  number,
  peek,
  resourceRule,
  text,
  when,
} from '../../core';

const CONFIGURATION = 'aws:ec2/launchConfiguration:LaunchConfiguration';

export const instanceMetadataNeedsAToken = resourceRule({
  id: 'instance-metadata-needs-a-token',
  family: 'network',
  title: 'The metadata service of every instance asks for a token',
  severity: 'high',
  controls: ['AWS FSBP EC2.8', 'AWS FSBP EC2.170', 'AWS FSBP AutoScaling.3', 'CIS AWS v5.0.0 5.7'],
  why: 'Without it one request that a server is tricked into, as by the address of a source to pull, returns the credentials of its role.',
  fix: "`metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 }`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:ec2/instance:Instance',
    CONFIGURATION,
    'aws:ec2/launchTemplate:LaunchTemplate',
    'aws:ec2/spotInstanceRequest:SpotInstanceRequest',
  ],
  settings: {
    maximumHops: {
      type: 'integer',
      default: 2,
      minimum: 1,
      maximum: 64,
      description:
        'Network hops that an answer with a token may make: 1 keeps it from containers with a network of their own, 2 is what EKS nodes and Docker bridges need',
    },
  },
  check: (resource, { maximumHops }) => {
    if (!given(resource, 'metadataOptions') && given(resource, 'launchTemplate')) {
      return notApplicable('its launch template decides');
    }
    const [options = {}] = blocks(resource, 'metadataOptions');
    if (text(options, 'httpEndpoint') === 'disabled') return found([]);
    const judges = [
      () => when(text(options, 'httpTokens') !== 'required', 'it answers without a token'),
      () => {
        const hops = number(options, 'httpPutResponseHopLimit') ?? 1;
        return when(hops > maximumHops, `its answers may make ${hops} hops, more than ${maximumHops}`);
      },
    ];
    return found(among(judges, (judge) => judge()));
  },
  remedy: (resource) => {
    // A launch configuration cannot be changed.
    if (resource.type === CONFIGURATION) return undefined;
    const options = peek(resource, 'metadataOptions') ?? {};
    if (!isPlain(options) || !isValues(options) || options['httpEndpoint'] === 'disabled') return undefined;
    return options['httpTokens'] === 'required'
      ? undefined
      : { metadataOptions: { httpEndpoint: 'enabled', ...options, httpTokens: 'required' } };
  },
});
