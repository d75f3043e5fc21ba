/** Our own components, with what they do right undone by `transform`. */
import { StreamingCdn, TieredSegmentStore, storeReaders } from '../../../components';

const EVERYBODY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::*' }],
});

export function ours(): void {
  const store = new TieredSegmentStore(
    'live',
    { zones: { a: { zoneId: 'euw1-az1' } }, environment: 'prod', distributions: storeReaders(1) },
    {
      transform: {
        generalAccess: { blockPublicPolicy: false },
        generalLifecycle: {
          rules: [{ id: 'nothing', status: 'Disabled', filter: { prefix: '' }, expiration: { days: 1 } }],
        },
        generalPolicy: { policy: EVERYBODY },
      },
    },
  );
  new StreamingCdn(
    'viewers',
    {
      origin: { domainName: 'origin.example.com' },
      store,
      channels: { news: {} },
      viewers: 100,
      averageMbps: 5,
      access: 'public',
      environment: 'prod',
    },
    {
      transform: {
        cachePolicy: { maxTtl: 31_536_000, defaultTtl: 86_400, minTtl: 3600 },
        distribution: {
          customErrorResponses: [{ errorCode: 404, errorCachingMinTtl: 300 }],
          priceClass: 'PriceClass_All',
        },
      },
    },
  );
}
