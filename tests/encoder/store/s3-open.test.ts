import { expect } from 'chai';
import { Registry } from 'prom-client';
import { FileStore } from '../../../encoder/store/file-store';
import { openStores } from '../../../encoder/store/open';
import { parseS3Location } from '../../../encoder/store/s3-location';
import { s3Metrics } from '../../../encoder/store/s3-metrics';
import { S3Store } from '../../../encoder/store/s3-store';

describe('STORE', () => {
  it('names one bucket for everything, or a second one for bundles', () => {
    expect(parseS3Location('s3:my.media-1')).to.deep.equal({ general: 'my.media-1' });
    expect(parseS3Location('s3:media,live--use1-az4--x-s3')).to.deep.equal({
      general: 'media',
      directory: 'live--use1-az4--x-s3',
    });
    // Local zones have longer ids.
    expect(parseS3Location('s3:media,live--usw2-lax1-az1--x-s3')?.directory).to.equal(
      'live--usw2-lax1-az1--x-s3',
    );
    for (const text of ['', 'file:/x', 's3:', 's3:a', `s3:${'a'.repeat(64)}`, 's3:-a-', 's3:a/b', 's3:a b']) {
      expect(parseS3Location(text), text).to.equal(undefined);
    }
  });

  it('opens what it names: one store, or the zone’s own beside the general one', () => {
    const one = openStores('s3:media', { endpoint: 'http://127.0.0.1:9' });
    expect(one.edge).to.be.instanceOf(S3Store);
    expect(one.edge).to.equal(one.general);
    const two = openStores('s3:media,live--use1-az4--x-s3', { endpoint: 'http://127.0.0.1:9' });
    expect(two.edge).to.be.instanceOf(S3Store);
    expect(two.edge).to.not.equal(two.general);
    expect(openStores('file:/nowhere').general).to.be.instanceOf(FileStore);
  });
});

describe('metrics of S3', () => {
  it('tell answered tries from failed ones, and those that were given up', async () => {
    const registry = new Registry();
    const note = s3Metrics(registry);
    const base = { bucket: 'media', milliseconds: 30 } as const;
    note({ ...base, operation: 'put', attempt: 1, error: '503 SlowDown', again: true });
    note({ ...base, operation: 'put', attempt: 2, again: false });
    note({ ...base, operation: 'get', attempt: 8, error: 'no answer in time', again: false });
    const text = await registry.metrics();
    for (const line of [
      'media_s3_failed_tries_total{operation="put",bucket="media",outcome="retried"} 1',
      'media_s3_failed_tries_total{operation="get",bucket="media",outcome="given-up"} 1',
      'media_s3_request_seconds_sum{operation="put",bucket="media"} 0.03',
      'media_s3_request_seconds_count{operation="put",bucket="media"} 1',
    ]) {
      expect(text.split('\n')).to.include(line);
    }
  });
});
