/** Whether a zone has an instance type, by zone and, where nothing is known of the zone, by its region. */
import { regionOffer, zoneOffer, type Offer } from '../capacity';

/**
 * Regions by what the ids of their zones begin with: AWS RAM User Guide, "Availability Zone IDs for your AWS resources".
 */
const REGIONS: Readonly<Record<string, string>> = {
  use1: 'us-east-1',
  use2: 'us-east-2',
  usw1: 'us-west-1',
  usw2: 'us-west-2',
  cac1: 'ca-central-1',
  sae1: 'sa-east-1',
  euw1: 'eu-west-1',
  euw2: 'eu-west-2',
  euw3: 'eu-west-3',
  euc1: 'eu-central-1',
  eun1: 'eu-north-1',
  eus1: 'eu-south-1',
  eus2: 'eu-south-2',
  apne1: 'ap-northeast-1',
  apne2: 'ap-northeast-2',
  apne3: 'ap-northeast-3',
  aps1: 'ap-south-1',
  apse1: 'ap-southeast-1',
  apse2: 'ap-southeast-2',
  mec1: 'me-central-1',
};

/** @param zoneId as `use1-az4` */
export function offerIn(instanceType: string, zoneId: string): Offer {
  const offer = zoneOffer(instanceType, zoneId);
  const region = REGIONS[zoneId.slice(0, zoneId.indexOf('-'))];
  if (offer !== 'unknown' || region === undefined) return offer;
  // A region that has it need not have it in each zone.
  return regionOffer(instanceType, region) === 'not-offered' ? 'not-offered' : 'unknown';
}
