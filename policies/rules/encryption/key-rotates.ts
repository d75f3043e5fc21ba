import { compliant, flag, notApplicable, peek, resourceRule, text, violating } from '../../core';

export const keyRotates = resourceRule({
  id: 'key-rotates',
  family: 'encryption',
  title: 'Every symmetric key of KMS is rotated',
  severity: 'medium',
  controls: ['AWS Security Hub KMS.4', 'CIS AWS v5.0.0 3.6'],
  why: 'One key for ever encrypts ever more; rotation limits what one leaked version opens, costs nothing to use and changes no ciphertext.',
  fix: '`enableKeyRotation: true`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:kms/key:Key'],
  check: (key) => {
    if ((text(key, 'customerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') {
      return notApplicable('KMS rotates only symmetric keys for encryption');
    }
    if ((text(key, 'customKeyStoreId') ?? '') !== '') {
      return notApplicable('KMS rotates no key of a custom key store');
    }
    return flag(key, 'enableKeyRotation') ? compliant : violating('the key is not rotated');
  },
  remedy: (key) => {
    const specs = [undefined, 'SYMMETRIC_DEFAULT'];
    const kind = peek(key, 'customerMasterKeySpec') as string | undefined;
    const stored = ['', undefined].includes(peek(key, 'customKeyStoreId') as string | undefined);
    const off = [false, undefined].includes(peek(key, 'enableKeyRotation') as boolean | undefined);
    return specs.includes(kind) && stored && off ? { enableKeyRotation: true } : undefined;
  },
});
