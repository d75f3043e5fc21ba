/** Path patterns of CloudFront: `*` is any text, `?` any one character. */

/** A leading slash makes no difference. */
const withSlash = (pattern: string): string => (pattern.startsWith('/') ? pattern : `/${pattern}`);

/** Whether whatever one pattern matches, another matches too. Sure where it says yes; `*` is never taken for one character. */
export function covers(outer: string, inner: string): boolean {
  const source = [...withSlash(outer)]
    .map((char) => (char === '*' ? '.*' : char === '?' ? '[^*]' : char.replace(/[\\^$.+()[\]{}|]/, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 's').test(withSlash(inner));
}
