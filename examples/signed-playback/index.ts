import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { StreamingCdn, TieredSegmentStore, storeReaders } from 'pulumi-aws-media';

const config = new pulumi.Config();

/** Public keys in PEM by an id that stays. Two while one takes over from the other; the private ones are never here. */
const publicKeys = config.requireObject<Record<string, string>>('publicKeys');

const store = new TieredSegmentStore('media', { distributions: storeReaders(), environment: 'dev' });

const cdn = new StreamingCdn('cdn', {
  // Any HTTPS server of LL-HLS that has these URLs; an LlHlsOrigin goes here as it is.
  origin: { domainName: config.require('originDomainName') },
  store,
  channels: { news: {}, open: { public: true } },
  access: {
    keys: Object.fromEntries(Object.entries(publicKeys).map(([id, publicKey]) => [id, { publicKey }])),
  },
  viewers: 1000,
  averageMbps: 5,
  // Browsers send cookies only where the page is named.
  cors: { origins: [config.require('pageOrigin')] },
  environment: 'dev',
});

/** `news` asks for a signature, `open` does not. */
export const urls = Object.fromEntries(Object.entries(cdn.channels).map(([id, { url }]) => [id, url]));
/** What a signature names its key by, by the ids of the keys. */
export const keyPairIds = cdn.keyPairIds;
