import {
  UNKNOWN,
  Undecided,
  blocks,
  compliant,
  found,
  notApplicable,
  peek,
  stackRule,
  text,
  violating,
} from '../../core';
import { DISTRIBUTION } from './behaviours';

const REGION = 'us-east-1';
const CERTIFICATES = [
  'aws:acm/certificate:Certificate',
  'aws:acm/certificateValidation:CertificateValidation',
];

export const viewerCertificatesAreInUsEast1 = stackRule({
  id: 'viewer-certificates-are-in-us-east-1',
  family: 'delivery',
  title: 'Certificates of distributions are in us-east-1',
  severity: 'medium',
  controls: [],
  why: 'CloudFront takes certificates of ACM from us-east-1 alone, and says so after everything before the distribution has been made.',
  fix: "Write `new aws.acm.Certificate('viewers', { region: 'us-east-1', domainName, validationMethod: 'DNS' })`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution, _settings, stack) => {
    const [certificate] = blocks(distribution, 'viewerCertificate');
    const arn = certificate && peek(certificate, 'acmCertificateArn');
    if (arn === undefined || arn === '') return notApplicable('it has no certificate of ACM');
    if (typeof arn === 'string' && arn.startsWith('arn:')) {
      const region = arn.split(':')[3] ?? '';
      return region === REGION ? compliant : violating(`its certificate is in ${region}`);
    }
    const regions = stack
      .behind(distribution, 'viewerCertificate', ...CERTIFICATES)
      .flatMap((each) => text(each, 'region') ?? each.region ?? []);
    if (arn === UNKNOWN && regions.length === 0) throw new Undecided('viewerCertificate.acmCertificateArn');
    return found(
      regions.filter((region) => region !== REGION).map((region) => `its certificate is in ${region}`),
    );
  },
});
