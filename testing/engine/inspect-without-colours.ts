// Loaded before a program. Node 22.23 never returns from util.inspect with colours, for an error whose stack has a line
// such as node_modules/@pulumi/resource.ts:1687 (the name of a scoped package that no separator follows), and so the
// SDK's source maps write theirs: a program that failed after its first await would be busy for ever.
import util from 'node:util';

const { inspect } = util;

util.inspect = Object.assign(
  (value: unknown, options?: util.InspectOptions) =>
    typeof options === 'object' ? inspect(value, { ...options, colors: false }) : inspect(value),
  inspect,
) as typeof inspect;
