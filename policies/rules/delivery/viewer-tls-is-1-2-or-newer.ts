import { blocks, compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';
import { DISTRIBUTION } from './behaviours';

/** Security policies of CloudFront that take nothing older than TLS 1.2 with forward secrecy, of the recommended ciphers. */
const RECOMMENDED = /^TLSv1\.(?:2_20(?:2[1-9]|[3-9]\d)|[3-9]_\d{4})$/;

export const viewerTlsIs12OrNewer = resourceRule({
  id: 'viewer-tls-is-1-2-or-newer',
  family: 'delivery',
  title:
    'A distribution with a certificate of its own takes no TLS older than 1.2, by a security policy of 2021 or later',
  severity: 'high',
  controls: ['AWS FSBP CloudFront.15'],
  why: 'Older versions and ciphers can be broken, and without a word CloudFront takes TLS 1.0.',
  fix: "Write `viewerCertificate: { ..., sslSupportMethod: 'sni-only', minimumProtocolVersion: 'TLSv1.2_2021' }`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const [certificate] = blocks(distribution, 'viewerCertificate');
    if (!certificate || flag(certificate, 'cloudfrontDefaultCertificate') === true)
      return notApplicable(
        "it has CloudFront's own certificate, for which AWS sets TLS 1.0 and lets nobody choose",
      );
    const version = text(certificate, 'minimumProtocolVersion') || 'TLSv1';
    return RECOMMENDED.test(version) ? compliant : violating(`its security policy is ${version}`);
  },
});
