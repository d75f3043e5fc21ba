import {
  blocks,
  compliant,
  flag,
  found,
  itemsOf,
  notApplicable,
  peek,
  stackRule,
  texts,
  type Resource,
} from '../../core';
import { DISTRIBUTION, behavioursOf } from './behaviours';

const REALTIME = 'aws:cloudfront/realtimeLogConfig:RealtimeLogConfig';
const DELIVERY = 'aws:cloudwatch/logDelivery:LogDelivery';
/** Fields with a viewer's cookies, three of which are a signature. */
const COOKIES = ['cs-cookie', 'cs(Cookie)'];

const isSigned = (distribution: Resource): boolean =>
  behavioursOf(distribution).some(
    ({ values }) =>
      itemsOf(peek(values, 'trustedKeyGroups')).length > 0 ||
      itemsOf(peek(values, 'trustedSigners')).length > 0,
  );

export const logsHaveNoSignatures = stackRule({
  id: 'logs-have-no-signatures',
  family: 'delivery',
  title: "Logs of signed distributions are without viewers' cookies",
  severity: 'high',
  controls: [],
  why: 'Three of the cookies are the signature: whoever reads the log can watch until it ends, as the viewer.',
  fix: 'Leave `cs-cookie` out of fields, `cs(Cookie)` out of recordFields, and write includeCookies: false in loggingConfig.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION, REALTIME, DELIVERY],
  check: (resource, _settings, stack) => {
    if (!stack.ofType(DISTRIBUTION).some(isSigned))
      return notApplicable('no distribution asks for a signature');
    if (resource.type !== DISTRIBUTION) {
      const fields = texts(resource, resource.type === REALTIME ? 'fields' : 'recordFields');
      return found(
        COOKIES.filter((field) => fields.includes(field)).map((field) => `the field ${field} is logged`),
      );
    }
    if (!isSigned(resource)) return notApplicable('it asks for no signature');
    const [logging] = blocks(resource, 'loggingConfig');
    return logging && flag(logging, 'includeCookies') === true
      ? found(["viewers' cookies are logged"])
      : compliant;
  },
});
