/** How far an allowed action reaches. */
import type { Statement } from '../../core';

const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'i',
  );

/** Whether one of the actions, which may have wildcards, is a given one. */
export const includesAction = ({ actions }: Statement, action: string): boolean =>
  actions.some((each) => pattern(each).test(action));

/** Whether it is about every resource of a kind: `*`, `arn:aws:kms:*:*:key/*`, `arn:aws:iam::<account>:role/*`. */
export const isAboutEverything = ({ resources }: Statement): boolean =>
  resources.some(
    (resource) => resource === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:([^/]*\/)?\*$/.test(resource),
  );
