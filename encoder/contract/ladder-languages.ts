/** Sound in several languages. */
import { isLanguage, LadderError, type LadderProblem } from './ladder-check';
import type { AudioRung, Ladder } from './ladders';

/**
 * The ladder with one rendition of sound for each language, all like its first: `audio`, then `audio-de`, each
 * named in its own language (RFC 8216bis, 4.4.6.1). The first is the default.
 *
 * @param languages BCP 47; none: the ladder as it is
 * @throws LadderError naming every tag that is wrong or given twice
 */
export function withLanguages(ladder: Ladder, languages: readonly string[]): Ladder {
  const first = ladder.audio[0];
  if (languages.length === 0 || !first) return ladder;
  const problems: LadderProblem[] = [];
  const tags = languages.map((text, i) => {
    const path = `languages[${i}]`;
    if (!isLanguage(text)) {
      problems.push({ path, value: text, allowed: 'a BCP 47 tag', remedy: 'For example en, de or pt-BR.' });
      return text;
    }
    return Intl.getCanonicalLocales(text)[0]!;
  });
  for (const [i, tag] of tags.entries()) {
    if (tags.indexOf(tag) === i) continue;
    const remedy = 'Remove the second one.';
    problems.push({ path: `languages[${i}]`, value: tag, allowed: 'each language once', remedy });
  }
  if (problems.length > 0) throw new LadderError(problems, 'the list of languages');
  const audio = tags.map((language, i): AudioRung => ({
    ...first,
    id: i === 0 ? first.id : `${first.id}-${language.toLowerCase()}`,
    language,
    name: nameOf(language),
  }));
  return { ...ladder, audio };
}

function nameOf(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  // Some languages write their own name in lower case; in a menu it begins like its neighbours.
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
