import { compliant, notApplicable, peek, resourceRule, SECRET, text, violating } from '../../core';

export const edgeFunctionsFit = resourceRule({
  id: 'edge-functions-fit',
  family: 'delivery',
  title: 'The code of a CloudFront function is no larger than CloudFront takes',
  severity: 'medium',
  controls: [],
  why: 'CloudFront takes 10 KB of code (CloudFront Developer Guide, "Quotas on CloudFront Functions"), and says so only after everything before it has been made.',
  fix: 'Minify the code, move lists into a key value store, or raise maxBytes where AWS has raised the quota.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudfront/function:Function'],
  settings: {
    maxBytes: {
      type: 'integer',
      default: 10_240,
      minimum: 1,
      maximum: 40_960,
      description: 'The quota of the account, in bytes',
    },
  },
  check: (edge, { maxBytes }) => {
    if (peek(edge, 'code') === SECRET) return notApplicable('its code is a secret');
    const bytes = Buffer.byteLength(text(edge, 'code') ?? '');
    return bytes > maxBytes ? violating(`its code has ${bytes} bytes, of ${maxBytes}`) : compliant;
  },
});
