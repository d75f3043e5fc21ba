import { blocks, compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';
import { DISTRIBUTION } from './behaviours';

export const viewersConnectBySni = resourceRule({
  id: 'viewers-connect-by-sni',
  family: 'delivery',
  title: 'A certificate is chosen by the name that a viewer asks for (SNI)',
  severity: 'medium',
  controls: ['AWS FSBP CloudFront.8'],
  why: 'Addresses of their own are for players without SNI, which there are none of any more; AWS charges for them by the month, and takes no TLS policy newer than TLSv1 with them.',
  fix: "Write `viewerCertificate: { ..., sslSupportMethod: 'sni-only' }`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const [certificate] = blocks(distribution, 'viewerCertificate');
    if (!certificate || flag(certificate, 'cloudfrontDefaultCertificate') === true)
      return notApplicable("it has CloudFront's own certificate");
    const method = text(certificate, 'sslSupportMethod');
    return method === 'vip' || method === 'static-ip'
      ? violating(`its certificate is served by addresses of its own (${method})`)
      : compliant;
  },
});
