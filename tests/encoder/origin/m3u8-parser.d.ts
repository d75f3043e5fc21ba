/** As much of m3u8-parser 7 as the tests read; the package has no types of its own. */
declare module 'm3u8-parser' {
  interface ParsedPart {
    readonly uri: string;
    readonly duration: number;
    readonly independent?: boolean;
  }

  interface ParsedSegment {
    readonly uri?: string;
    readonly duration?: number;
    readonly timeline: number;
    readonly discontinuity?: boolean;
    readonly programDateTime?: number;
    readonly map?: { readonly uri: string };
    readonly parts?: readonly ParsedPart[];
    readonly preloadHints?: readonly { readonly uri: string; readonly type: string }[];
  }

  export class Parser {
    push(text: string): void;
    end(): void;
    readonly manifest: {
      readonly mediaSequence: number;
      readonly discontinuitySequence: number;
      readonly targetDuration: number;
      readonly partTargetDuration?: number;
      readonly endList?: boolean;
      readonly segments: readonly ParsedSegment[];
      readonly preloadSegment?: ParsedSegment;
      readonly renditionReports?: readonly Readonly<Record<string, string | number>>[];
      readonly serverControl?: Readonly<Record<string, number | boolean>>;
      readonly skip?: { readonly skippedSegments: number };
      readonly playlists?: readonly {
        readonly uri: string;
        readonly attributes: Readonly<Record<string, unknown>>;
      }[];
      readonly mediaGroups?: Readonly<
        Record<string, Readonly<Record<string, Readonly<Record<string, { uri: string }>>>>>
      >;
    };
  }
}
