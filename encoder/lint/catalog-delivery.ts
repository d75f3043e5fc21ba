/** Rules about the server: delivery directives (D), transport and cache (C). */
import { AUTHORING, DRAFT, rule, type Row, type Rule } from './catalog-row';

const HTTP = 'needs an HTTP server; give a URL';
const BLOCKING = 'no playlist says CAN-BLOCK-RELOAD=YES';

type ShortRow = Row extends readonly [...infer Rest, string] ? readonly [...Rest, needs?: string] : never;

const rows: readonly ShortRow[] = [
  [
    'D1',
    'error',
    '_HLS_msn=M is answered once segment M is complete',
    'Hold the request until the playlist lists segment M with its EXTINF.',
    `${DRAFT} 6.2.5.2`,
  ],
  [
    'D2',
    'error',
    '_HLS_msn=M&_HLS_part=N is answered once part N of M is listed',
    'Declare CAN-BLOCK-RELOAD=YES and hold the request until the playlist lists the part or something later.',
    `${DRAFT} 6.2.5.2, B.1`,
  ],
  [
    'D3',
    'error',
    'A part number beyond the end of a finished segment means part 0 of the next',
    'Treat _HLS_part beyond the last part of a finished segment as part 0 of the next one.',
    `${DRAFT} 6.2.5.2`,
  ],
  [
    'D4',
    'error',
    'An old _HLS_msn gets the whole current playlist at once',
    'Answer 200 with the current playlist, also when the segment has left it.',
    `${DRAFT} 6.2.5.2`,
  ],
  [
    'D5',
    'error',
    '_HLS_part without _HLS_msn, and values that are no integers, get 400',
    'Check the directives and answer 400.',
    `${DRAFT} 6.2.5.2`,
  ],
  [
    'D6',
    'warning',
    'A segment or part too far ahead gets 400 at once',
    'Answer 400 when M is more than 2 ahead, or N beyond the advance part limit (3 seconds of parts).',
    `${DRAFT} 6.2.5.2`,
  ],
  [
    'D7',
    'warning',
    'A request that blocks longer than 3 target durations gets 503',
    'Give up after 3 target durations and answer 503.',
    `${DRAFT} 6.2.5.2`,
    'no request was held that long; it needs a stream that stalls',
  ],
  [
    'D8',
    'error',
    'After EXT-X-ENDLIST the directives are ignored',
    'Answer at once with the whole playlist.',
    `${DRAFT} 6.2.5`,
    'the stream has not ended',
  ],
  [
    'D9',
    'error',
    '_HLS_skip gets a delta update if and only if CAN-SKIP-UNTIL is declared',
    'Answer _HLS_skip=YES and v2 with EXT-X-SKIP, or leave CAN-SKIP-UNTIL out.',
    `${DRAFT} 6.2.5.1`,
  ],
  [
    'D10',
    'error',
    'A delta update skips only what is beyond the skip boundary, and fits the full playlist',
    'Skip segments only when those left last at least CAN-SKIP-UNTIL; if nothing can be skipped, send the full playlist.',
    `${DRAFT} 6.2.5.1`,
    'no delta update was read',
  ],
  [
    'D11',
    'error',
    'A request for the hinted part blocks, and then gets the whole part at once',
    'Hold the request until the part is complete, then send it with Content-Length.',
    `${DRAFT} 6.2.6`,
  ],
  [
    'D12',
    'warning',
    'An unknown resource gets 404 at once',
    'Answer 404, without waiting, for what is neither there nor hinted.',
    `${DRAFT} 6.2.6`,
  ],
  [
    'D13',
    'error',
    'What a playlist lists can be downloaded at once',
    'Publish media before the playlist that lists it, on every node.',
    `${DRAFT} 6.2.1`,
  ],
  [
    'D14',
    'error',
    'The order of the directives does not matter',
    'Read the directives by name.',
    `${DRAFT} 6.2.5, 6.3.2`,
  ],
  [
    'D15',
    'warning',
    'I-frame playlists support _HLS_msn too',
    'Block requests for I-frame playlists as for the others.',
    `${DRAFT} 6.2.5.2`,
    'there is no I-frame playlist',
  ],

  [
    'C1',
    'error',
    'Delivery is over HTTP/2 or later',
    'Serve viewers over TLS with HTTP/2; a CDN in front can do it.',
    `${DRAFT} B.1; mediastreamvalidator -50120`,
  ],
  [
    'C2',
    'error',
    'TLS is 1.2 or later',
    'Turn off TLS 1.0 and 1.1.',
    `${AUTHORING} 12.1`,
    'the server was not reached by https',
  ],
  [
    'C3',
    'warning',
    'Answers to blocking requests can be cached',
    'Send Cache-Control: max-age of up to 6 target durations with every blocking answer, so that a CDN asks once for all viewers.',
    'WWDC20 session 10231, Reduce latency with HLS Blocking Playlist Reload',
  ],
  [
    'C4',
    'warning',
    'A live playlist without directives is cached for at most one target duration',
    'Send Cache-Control: max-age=1 with it.',
    'AWS Elemental MediaPackage, CDN recommendations; WWDC20 session 10231',
  ],
  [
    'C5',
    'warning',
    'Segments, parts and initialization sections can be cached',
    'Send a long max-age, and immutable; never use a URI for other bytes.',
    'AWS Elemental MediaPackage, CDN recommendations',
  ],
  [
    'C6',
    'warning',
    'Errors are not cached for more than a second',
    'Send Cache-Control: max-age=1 or no-store with a 404, so that an early request does not hide a part.',
    'AWS re:Post on MediaPackage and CloudFront error caching',
  ],
  [
    'C7',
    'warning',
    'Browsers may read playlists and media from other sites (CORS)',
    'Send Access-Control-Allow-Origin with playlists, media and errors.',
    'Fetch standard (CORS protocol)',
  ],
  [
    'C8',
    'warning',
    'Content types are those of HLS',
    'Serve playlists as application/vnd.apple.mpegurl, MP4 as video/mp4, audio/mp4 or video/iso.segment.',
    `${DRAFT} 4; ${AUTHORING} 10.4`,
  ],
  [
    'C9',
    'warning',
    'Caches pass Age',
    'Let the CDN send Age with playlists, so that players can find the live edge.',
    `${DRAFT} Appendix C; hls.js issue 6076`,
    'no cache was seen in front of the server',
  ],
  [
    'C10',
    'warning',
    'Directives are not copied into URIs',
    'Write URIs without _HLS_msn, _HLS_part and _HLS_skip.',
    'hls.js issue 3473',
    'no playlist was read',
  ],
];

/** What a rule needs that says nothing of its own. */
const DEFAULT_NEEDS: Readonly<Record<string, string>> = Object.fromEntries(
  ['D1', 'D2', 'D3', 'D4'].map((id) => [id, `${HTTP}, or ${BLOCKING}`]),
);

export const DELIVERY_RULES: readonly Rule[] = rows.map(([id, severity, title, remedy, source, needs]) =>
  rule([id, severity, title, remedy, source, needs ?? DEFAULT_NEEDS[id] ?? HTTP]),
);
