/**
 * Every rule: id, what it asks, how bad a breach is, what to do, and where it is written.
 *
 * Severity follows the wording: a MUST of the protocol draft or of Apple's authoring specification is an
 * error, a SHOULD of the draft a warning, a SHOULD of the authoring specification at most an info.
 * Ids are permanent.
 */
import { DELIVERY_RULES } from './catalog-delivery';
import { MEDIA_RULES } from './catalog-media';
import { AUTHORING, DRAFT, rule, SEVERAL, type Row, type Rule } from './catalog-row';

const PLAYLIST = 'no media playlist was read';
const PARTS = 'no playlist with parts was read';
const TIME = 'needs several versions of a live playlist; give a URL';

const rows: readonly Row[] = [
  [
    'S1',
    'error',
    'The playlist is UTF-8 text that begins with #EXTM3U',
    'Write #EXTM3U as the first line, without a byte order mark or control characters.',
    `${DRAFT} 4.1, 4.4.1.1`,
    'no playlist was read',
  ],
  [
    'S2',
    'error',
    'Tags and attributes have the syntax and the types that are specified',
    'Write the value in the type that the section gives.',
    `${DRAFT} 4.2, 4.4`,
    'no playlist was read',
  ],
  [
    'S3',
    'error',
    'Required tags and attributes are there',
    'Add it.',
    `${DRAFT} 4.4`,
    'no playlist was read',
  ],
  [
    'S4',
    'error',
    'Media and multivariant tags are not mixed',
    'Move the tag to the other playlist.',
    `${DRAFT} 4.1`,
    'no playlist was read',
  ],
  [
    'S5',
    'error',
    'Tags that may be there once are there once, and header tags come before the segments',
    'Keep one of them, before the first segment.',
    `${DRAFT} 4.4.3`,
    'no playlist was read',
  ],

  [
    'T1',
    'error',
    'EXT-X-PART-INF is there if and only if there are parts',
    'Write #EXT-X-PART-INF:PART-TARGET=... in every playlist with parts, and publish parts in every playlist that has it.',
    `${DRAFT} 4.4.3.7`,
    PLAYLIST,
  ],
  [
    'T2',
    'error',
    'No part is longer than PART-TARGET',
    'Raise PART-TARGET to the longest part of any rendition, rounded up, or close parts before they pass it.',
    `${DRAFT} 4.4.4.9`,
    PARTS,
  ],
  [
    'T3',
    'error',
    'Parts last at least 85 % of PART-TARGET',
    'Cut parts on one grid, or lower PART-TARGET; only INDEPENDENT, GAP and last parts, and those before a GAP, may be shorter.',
    `${DRAFT} 4.4.4.9`,
    PARTS,
  ],
  [
    'T4',
    'warning',
    'Parts that hold an independent frame say INDEPENDENT=YES',
    'Add INDEPENDENT=YES to the part, so that players can start and switch there.',
    `${DRAFT} 4.4.4.9`,
    PARTS,
  ],
  [
    'T5',
    'error',
    'PART-HOLD-BACK is there and is at least 3 times the longest PART-TARGET',
    'Set PART-HOLD-BACK to 3 times the largest PART-TARGET of all renditions, rounded up.',
    `${DRAFT} 4.4.3.8 (MUST be 2 times, SHOULD be 3), ${AUTHORING} 14.3 (MUST be 3)`,
    PARTS,
  ],
  [
    'T6',
    'error',
    'HOLD-BACK is at least 3 target durations',
    'Set HOLD-BACK to 3 times TARGETDURATION or leave it out.',
    `${DRAFT} 4.4.3.8`,
    PLAYLIST,
  ],
  [
    'T7',
    'error',
    'CAN-SKIP-UNTIL is at least 6 target durations; CAN-SKIP-DATERANGES comes only with it',
    'Set CAN-SKIP-UNTIL to 6 times TARGETDURATION or more.',
    `${DRAFT} 4.4.3.8`,
    PLAYLIST,
  ],
  [
    'T8',
    'error',
    'EXT-X-SERVER-CONTROL is the same in all media playlists',
    'Write the same attributes and values in every media playlist, audio and subtitles too.',
    `${DRAFT} 6.2.4`,
    SEVERAL,
  ],
  [
    'T9',
    'error',
    'TARGETDURATION covers every segment and never changes',
    'Set TARGETDURATION once to the longest segment, rounded, and end segments in time.',
    `${DRAFT} 4.4.3.1, 6.2.1; ${AUTHORING} 7.7`,
    PLAYLIST,
  ],
  [
    'T10',
    'error',
    'All media playlists have the same TARGETDURATION',
    'Use one target duration for all renditions.',
    `${DRAFT} 6.2.4; ${AUTHORING} 8.2`,
    SEVERAL,
  ],
  [
    'T11',
    'error',
    'MEDIA-SEQUENCE and DISCONTINUITY-SEQUENCE count what was removed and never go back',
    'Add 1 to MEDIA-SEQUENCE per removed segment and 1 to DISCONTINUITY-SEQUENCE per removed EXT-X-DISCONTINUITY; keep the numbers across restarts.',
    `${DRAFT} 6.2.2; ${AUTHORING} 8.17`,
    PLAYLIST,
  ],
  [
    'T12',
    'error',
    'New segments come within 1.5 target durations, new parts within one PART-TARGET',
    'Look for a stalled encoder or a slow store; publish each part as soon as it is complete.',
    `${DRAFT} 6.2.1`,
    TIME,
  ],
  [
    'T13',
    'error',
    'A sliding window holds at least 3 target durations and 6 segments',
    'Keep more segments in the playlist before the oldest is removed.',
    `${DRAFT} 6.2.2; ${AUTHORING} 8.11 (MUST be 6 segments), 8.12 (SHOULD be 15 minutes)`,
    PLAYLIST,
  ],
  [
    'T14',
    'warning',
    'Parts leave the playlist after 3 target durations and stay downloadable, as segments do, long enough after',
    'Remove EXT-X-PART tags more than 3 target durations behind the live edge; keep parts for 3 more, segments for the playlist length and their own.',
    `${DRAFT} 6.2.2`,
    PARTS,
  ],
  [
    'T15',
    'error',
    "A segment's DISCONTINUITY, KEY, MAP and PROGRAM-DATE-TIME come before its first part",
    'Move the tag before the first EXT-X-PART of the segment.',
    `${DRAFT} 4.4.4.9`,
    PARTS,
  ],
  [
    'T16',
    'error',
    'PROGRAM-DATE-TIME is in every live playlist and maps the media to one time line',
    'Write EXT-X-PROGRAM-DATE-TIME on every segment, from one clock for all renditions.',
    `${DRAFT} 6.2.1, 6.2.4; ${AUTHORING} 8.4`,
    PLAYLIST,
  ],
  [
    'T17',
    'error',
    'There is one preload hint per type, and the part that comes has the hinted URI',
    'Hint exactly the next part by its final URI; hint nothing after EXT-X-ENDLIST.',
    `${DRAFT} 4.4.5.3, 6.2.6`,
    PARTS,
  ],
  [
    'T18',
    'error',
    'There is one up-to-date rendition report for every other media playlist',
    'Add EXT-X-RENDITION-REPORT with a relative URI, LAST-MSN and LAST-PART for each of the other media playlists.',
    `${DRAFT} 4.4.5.4, B.1`,
    SEVERAL,
  ],
  [
    'T19',
    'error',
    'EXT-X-VERSION fits the tags; EXT-X-SKIP is there at most once',
    'Declare the lowest version that the tags of this answer need: 6 with EXT-X-MAP, 9 with EXT-X-SKIP, 10 if it skips date ranges.',
    `${DRAFT} 6.2.1, 8`,
    PLAYLIST,
  ],
  [
    'T20',
    'error',
    'Missing media is marked with GAP; a change of encoding or timing with DISCONTINUITY',
    'Put EXT-X-DISCONTINUITY before the first segment of a new encoding or time line, and list missing media as EXT-X-GAP or GAP=YES.',
    `${DRAFT} 4.4.4.3, 6.2.1`,
    PLAYLIST,
  ],
  [
    'T21',
    'error',
    'Date ranges keep their ID and stay while they map to a listed segment',
    'Use a new ID for every date range, and list it in every playlist until its last segment has gone.',
    `${DRAFT} 4.4.5.1, 6.2.1, 6.2.4`,
    'no playlist has an EXT-X-DATERANGE',
  ],
  [
    'T22',
    'error',
    'A live sliding playlist has no EXT-X-PLAYLIST-TYPE',
    'Leave EXT-X-PLAYLIST-TYPE out, or never remove a segment (EVENT).',
    `${DRAFT} 4.4.3.5, 6.2.2`,
    PLAYLIST,
  ],
  [
    'T23',
    'error',
    'Fragmented MP4 has EXT-X-MAP; video segments start with a key frame and say so',
    'Add EXT-X-MAP before the first segment, start every video segment with an IDR frame and write EXT-X-INDEPENDENT-SEGMENTS.',
    `${DRAFT} 3.1.2, 4.4.2.1; ${AUTHORING} 7.4, 8.20, 9.11, 9.12`,
    PLAYLIST,
  ],
  [
    'T24',
    'error',
    'EXTINF and part durations are the real durations',
    'Write durations with at least 5 decimals from the media time line; the parts of a segment add up to its EXTINF.',
    `${AUTHORING} 8.1; ${DRAFT} 3.2`,
    PLAYLIST,
  ],
  [
    'T25',
    'error',
    'Playlists are served with gzip, and nothing is redirected',
    'Answer Accept-Encoding: gzip with a compressed playlist, and give final URLs in playlists.',
    `${AUTHORING} 8.18, 10.1`,
    'needs an HTTP server; give a URL',
  ],
  [
    'T26',
    'error',
    'A playlist only grows at its end and loses its oldest segments and parts',
    'Never change or take back what was listed; publish each version as a whole.',
    `${DRAFT} 6.2.1`,
    TIME,
  ],
];

export type { Rule };

export const RULES: readonly Rule[] = [...rows.map(rule), ...MEDIA_RULES, ...DELIVERY_RULES];

const byId: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** @throws RangeError for an id that is not in the catalogue: a mistake of this program, not of a playlist */
export function ruleOf(id: string): Rule {
  const rule = byId.get(id);
  if (rule === undefined) throw new RangeError(`no rule ${id} in the catalogue`);
  return rule;
}
