/** Where an S3 store is: `s3:<general bucket>`, or `s3:<general bucket>,<directory bucket>`. */

export interface S3Location {
  readonly general: string;
  /** The zone's own bucket, for bundles; the general one holds them where there is none. */
  readonly directory?: string;
}

/** 3 to 63 characters: S3 User Guide, "General purpose bucket naming rules". */
const GENERAL = /^(?=.{3,63}$)(?!.*\.\.)(?!.*--x-s3$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;
/** `<base>--<zone id>--x-s3`: S3 User Guide, "Directory bucket naming rules". */
const DIRECTORY = /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*--[a-z0-9]+-[a-z0-9]+(?:-[a-z0-9]+)*--x-s3$/;

export const S3_LOCATION = 's3:<bucket>, s3:<bucket>,<directory bucket, as media--use1-az4--x-s3>';

/** @returns undefined where the text is no such place */
export function parseS3Location(text: string): S3Location | undefined {
  if (!text.startsWith('s3:')) return undefined;
  const [general = '', directory, ...more] = text.slice('s3:'.length).split(',');
  if (more.length > 0 || !GENERAL.test(general)) return undefined;
  if (directory === undefined) return { general };
  return DIRECTORY.test(directory) ? { general, directory } : undefined;
}
