import {
  among,
  blocks,
  found,
  notApplicable,
  resourceRule,
  texts,
  type Resource,
  type Values,
} from '../../core';
import { DISTRIBUTION } from './behaviours';
import { customOf, originName, originsOf } from './origins';

const VPC_ORIGIN = 'aws:cloudfront/vpcOrigin:VpcOrigin';

/** How findings name an origin, and its settings. */
function settingsOf(resource: Resource): readonly (readonly [string, Values])[] {
  if (resource.type === VPC_ORIGIN)
    return blocks(resource, 'vpcOriginEndpointConfig').map((config) => ['the origin', config] as const);
  return originsOf(resource).flatMap((origin) => {
    const config = customOf(origin);
    return config ? [[originName(origin), config] as const] : [];
  });
}

/** Of a VPC origin they stand one level deeper. */
const versions = (config: Values): readonly string[] => [
  ...texts(config, 'originSslProtocols'),
  ...blocks(config, 'originSslProtocols').flatMap((list) => texts(list, 'items')),
];

export const originsUseTls12 = resourceRule({
  id: 'origins-use-tls-1-2',
  family: 'delivery',
  title: 'CloudFront asks origins by TLS 1.2 or newer',
  severity: 'high',
  controls: ['AWS FSBP CloudFront.10'],
  why: 'A version that is on the list is used where the origin, or somebody on the way, asks for it; SSL 3 and TLS 1.0 can be broken.',
  fix: "Write `originSslProtocols: ['TLSv1.2']`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION, VPC_ORIGIN],
  check: (resource) => {
    const origins = settingsOf(resource);
    if (origins.length === 0) return notApplicable('it has no origin on the internet but buckets');
    return found(
      among(origins, ([name, config]) =>
        versions(config)
          .filter((version) => ['SSLv3', 'TLSv1', 'TLSv1.1'].includes(version))
          .map((version) => `${name} may be asked by ${version}`),
      ),
    );
  },
});
