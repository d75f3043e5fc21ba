import { compliant, notApplicable, resourceRule, text, violating } from '../../core';

/**
 * Runtimes that are deprecated, and since when. Source: AWS Lambda Developer Guide, "Lambda runtimes", and its notices to
 * customers, up to 2026-04-30; a runtime that has ended since belongs into the setting.
 */
const ENDED: Readonly<Record<string, string>> = {
  'dotnetcore2.1': '2022-01-05',
  'dotnetcore3.1': '2023-04-03',
  dotnet6: '2024-12-20',
  'go1.x': '2024-01-08',
  java8: '2024-01-08',
  'nodejs10.x': '2021-07-30',
  'nodejs12.x': '2023-03-31',
  'nodejs14.x': '2023-12-04',
  'nodejs16.x': '2024-06-12',
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs8.10': '2020-03-06',
  provided: '2024-01-08',
  'python2.7': '2021-07-15',
  'python3.6': '2022-07-18',
  'python3.7': '2023-12-04',
  'python3.8': '2024-10-14',
  'python3.9': '2025-12-15',
  'ruby2.5': '2021-07-30',
  'ruby2.7': '2023-12-07',
};

export const functionsRunOnSupportedRuntimes = resourceRule({
  id: 'functions-run-on-supported-runtimes',
  family: 'retired',
  title: 'Functions run on runtimes that AWS still mends',
  severity: 'medium',
  controls: ['AWS FSBP Lambda.2'],
  why: 'A deprecated runtime gets no patches; soon after, AWS refuses to create functions on it and then to change them, in the middle of an update.',
  fix: "runtime: 'nodejs24.x'",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lambda/function:Function'],
  settings: {
    alsoEnded: {
      description: 'More runtimes that have ended',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (lambda, { alsoEnded }) => {
    const runtime = text(lambda, 'runtime');
    if (!runtime) return notApplicable('it is an image, which has its own');
    const since = ENDED[runtime];
    if (since !== undefined) return violating(`${runtime} is deprecated since ${since}`);
    return alsoEnded.includes(runtime) ? violating(`${runtime} is deprecated`) : compliant;
  },
});
