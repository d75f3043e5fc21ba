import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import * as media from 'pulumi-aws-media';

const config = new pulumi.Config();
const zoneId = config.require('zoneId');
const environment = 'dev';

const network = new media.MediaVpc('network', {
  zones: [zoneId, config.require('otherZoneId')],
  environment,
});
const store = new media.TieredSegmentStore('media', {
  zones: { [zoneId]: { zoneId } },
  distributions: media.storeReaders(),
  environment,
});
const ingest = new media.SrtIngest('srt', {
  network,
  zones: { [zoneId]: { ports: { from: 9000, to: 9049 } } },
  channels: { news: { zone: zoneId, port: 9001 } },
  sources: { studio: config.require('contributor') },
  environment,
});
new media.NvencEncodeFleet('live', {
  ...{ network, store, ingest, environment },
  zones: [zoneId],
  image: new media.EncoderImage('encoder', { environment }).imageUri,
  channels: { news: { ladder: 'h264-1080p' } },
});
const image = new media.EncoderImage('server', { target: 'origin', environment }).imageUri;
const origin = new media.LlHlsOrigin('origin', { network, store, image, environment });
const audience = { channels: { news: {} }, viewers: 1000, averageMbps: 5 };
const cdn = new media.StreamingCdn('cdn', { origin, store, access: 'public', ...audience, environment });

/** Where viewers watch. */
export const watch = cdn.channels['news'].url;
/** Where the contributor calls, and the secret with the passphrase. */
export const { address, secretArn } = ingest.channels['news'];
