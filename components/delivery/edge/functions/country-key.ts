import cf from 'cloudfront';
import { country } from './country';
import type { Answer, Cors, CountryParameters, EdgeEvent } from './types';

/** As `country`, with the codes to block from the KeyValueStore. Without them every country is as good as unknown. */
export async function countryKey(
  event: EdgeEvent,
  parameters: CountryParameters,
  cors: Cors | null,
): Promise<Answer> {
  const said = {
    whenUnknown: parameters.whenUnknown,
    status: parameters.status,
    message: parameters.message,
  };
  let list = '';
  try {
    list = await cf.kvs().get(parameters.fromKey as string);
  } catch {
    if (parameters.whenUnknown === 'deny') {
      return country(event, Object.assign({ allow: [] }, said) as CountryParameters, cors);
    }
  }
  const codes = list.toUpperCase().split(/[\s,]+/);
  return country(event, Object.assign({ block: codes }, said) as CountryParameters, cors);
}
