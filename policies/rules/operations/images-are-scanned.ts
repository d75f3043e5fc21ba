import { compliant, flag, itemsOf, peek, stackRule, violating } from '../../core';

export const imagesAreScanned = stackRule({
  id: 'images-are-scanned',
  family: 'operations',
  title: 'Images are scanned for known vulnerabilities',
  severity: 'medium',
  controls: ['AWS FSBP ECR.1'],
  why: 'ffmpeg and the libraries below it parse what strangers send: their holes are found every month.',
  fix: 'imageScanningConfiguration: { scanOnPush: true }, or an aws.ecr.RegistryScanningConfiguration for all repositories',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecr/repository:Repository'],
  check: (repository, _settings, stack) => {
    if (flag(repository, 'imageScanningConfiguration.scanOnPush')) return compliant;
    return stack
      .ofType('aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration')
      .some((registry) => itemsOf(peek(registry, 'rules')).length > 0)
      ? compliant
      : violating('its images are scanned by nobody');
  },
});
