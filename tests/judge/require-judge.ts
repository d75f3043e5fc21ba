import type { Context } from 'mocha';
import { findJudge, type JudgeTools } from '../../planner/judge';
import { skip } from '../support/skip';

/** The judge, from a `before` hook. Where there is none the suite is skipped, or fails if REQUIRE_JUDGE is 1. */
export async function requireJudge(context: Context): Promise<JudgeTools> {
  const found = await findJudge();
  if (typeof found !== 'string') return found;
  if (process.env['REQUIRE_JUDGE'] === '1') throw new Error(found);
  return skip(context, found);
}
