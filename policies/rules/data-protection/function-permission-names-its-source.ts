import { compliant, given, notApplicable, resourceRule, text, violating } from '../../core';

export const functionPermissionNamesItsSource = resourceRule({
  id: 'function-permission-names-its-source',
  family: 'data-protection',
  title: 'Who may call a function is named: an account, or the resource that a service acts for',
  severity: 'high',
  controls: ['AWS FSBP Lambda.1'],
  why: 'Without a source a bucket, a topic or an API of any account calls the function with input of its own.',
  fix: "`principal: 's3.amazonaws.com', sourceArn: bucket.arn, sourceAccount: '<account>'`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lambda/permission:Permission'],
  check: (permission) => {
    const principal = text(permission, 'principal') ?? '';
    const narrowed =
      given(permission, 'sourceArn') ||
      given(permission, 'sourceAccount') ||
      given(permission, 'principalOrgId') ||
      text(permission, 'functionUrlAuthType') === 'AWS_IAM';
    if (narrowed) return compliant;
    if (principal === '*') return violating('everybody may call the function');
    return /\.amazonaws\.com(\.cn)?$/.test(principal)
      ? violating(`${principal} may call the function for anybody`)
      : notApplicable('it names an account');
  },
});
