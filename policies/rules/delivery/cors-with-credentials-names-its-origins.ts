import { blocks, flag, found, notApplicable, resourceRule, texts } from '../../core';

/** Where a star is no star once credentials are sent: Fetch Standard, "CORS protocol and credentials". */
const LISTS = [
  ['accessControlAllowOrigins', 'every origin is allowed'],
  ['accessControlAllowHeaders', 'every header is allowed'],
  ['accessControlExposeHeaders', 'every header is exposed'],
] as const;

export const corsWithCredentialsNamesItsOrigins = resourceRule({
  id: 'cors-with-credentials-names-its-origins',
  family: 'delivery',
  title: 'Where pages send cookies, the origins and headers that may are named',
  severity: 'high',
  controls: [],
  why: "A browser refuses a star together with cookies, so signed cookies play nowhere; where a server answers with each page's own origin instead, any page plays with its visitor's cookies.",
  fix: "Write `accessControlAllowOrigins: { items: ['https://www.example.com'] }` and name the headers, or write accessControlAllowCredentials: false and sign URLs.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy'],
  check: (policy) => {
    const [cors] = blocks(policy, 'corsConfig');
    if (!cors) return notApplicable('it says nothing of CORS');
    if (flag(cors, 'accessControlAllowCredentials') !== true)
      return notApplicable('it allows no credentials');
    return found(
      LISTS.filter(([list]) => blocks(cors, list).some((each) => texts(each, 'items').includes('*'))).map(
        ([, what]) => `${what}, and credentials are`,
      ),
    );
  },
});
