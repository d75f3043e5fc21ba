/** Judging of several parts of one resource, or of one of several things that may be the right one. */
import { Undecided } from './values';

/**
 * What is found among parts: it counts though another part is not known yet.
 * @throws Undecided where nothing is found, and a part is not known
 */
export function among<T>(parts: readonly T[], judge: (part: T) => readonly string[]): readonly string[] {
  let undecided: Undecided | undefined;
  const findings = parts.flatMap((part) => {
    try {
      return judge(part);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      undecided ??= error;
      return [];
    }
  });
  if (findings.length === 0 && undecided) throw undecided;
  return findings;
}

/** A finding, where something is so. */
export const when = (isSo: boolean, finding: string): readonly string[] => (isSo ? [finding] : []);
