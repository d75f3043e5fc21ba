import { blocks, compliant, filled, resourceRule, violating } from '../../core';
import { DISTRIBUTION } from './behaviours';

export const distributionHasItsOwnCertificate = resourceRule({
  id: 'distribution-has-its-own-certificate',
  family: 'delivery',
  title: 'A distribution has a name and a certificate of its own',
  severity: 'medium',
  controls: ['AWS FSBP CloudFront.7'],
  why: "With CloudFront's own name viewers may use TLS 1.0, and every player has an address that another CDN can never answer.",
  fix: "Give `aliases: ['live.example.com']` and `viewerCertificate: { acmCertificateArn, sslSupportMethod: 'sni-only', minimumProtocolVersion: 'TLSv1.2_2021' }`, with a certificate of us-east-1; of StreamingCdn: `domain: { name, zoneId }`.",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const [certificate] = blocks(distribution, 'viewerCertificate');
    return certificate &&
      (filled(certificate, 'acmCertificateArn') || filled(certificate, 'iamCertificateId'))
      ? compliant
      : violating("it has CloudFront's own certificate");
  },
});
