/** The shape of the catalogue's rows, and the documents that they cite. */
import type { Severity } from './types';

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly source: string;
  /** Said when the rule was not checked and nothing better is known. */
  readonly needs: string;
}

export const DRAFT = 'draft-pantos-hls-rfc8216bis-22';
export const AUTHORING = 'HLS Authoring Specification for Apple Devices';
export const SEVERAL = 'needs the media playlists of a multivariant playlist';

export type Row = readonly [
  id: string,
  severity: Severity,
  title: string,
  remedy: string,
  source: string,
  needs: string,
];

export const rule = ([id, severity, title, remedy, source, needs]: Row): Rule => ({
  id,
  severity,
  title,
  remedy,
  source,
  needs,
});
