import { compliant, resourceRule, text, violating } from '../../core';

export const edgeFunctionsHaveTheCurrentRuntime = resourceRule({
  id: 'edge-functions-have-the-current-runtime',
  family: 'delivery',
  title: 'Functions of CloudFront have the runtime cloudfront-js-2.0',
  severity: 'low',
  controls: [],
  why: 'Version 1.0 has neither key value stores nor await, so tokens cannot be revoked there, and code of today does not run.',
  fix: "Write `runtime: 'cloudfront-js-2.0'`.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudfront/function:Function'],
  check: (edge) => {
    const runtime = text(edge, 'runtime') ?? 'none';
    return runtime === 'cloudfront-js-1.0' ? violating(`its runtime is ${runtime}`) : compliant;
  },
});
