import { copiesStayInAllowedRegions } from './copies-stay-in-allowed-regions';
import { personalDataStays } from './personal-data-stays';
import { regionsAreAllowed } from './regions-are-allowed';

export const RESIDENCY = [copiesStayInAllowedRegions, personalDataStays, regionsAreAllowed] as const;
