/** An image named `encoder` in the stack `test` of the project `video`, recorded. */
import {
  EncoderImage,
  type EncoderImageArgs,
  type EncoderImageOptions,
} from '../../../../components/encode/image';
import { ACCOUNT, recordProgramOf, refusalOf, type Recorded, type Refusal } from '../../recorded';

export { ACCOUNT, RECORDING, Recorded, recordProgramOf, type Refusal } from '../../recorded';
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** A key that is there already. */
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

export const recordImage = (
  args?: EncoderImageArgs,
  options?: EncoderImageOptions,
  use: (image: EncoderImage) => unknown = () => ({}),
): Promise<Recorded> => recordProgramOf(() => use(new EncoderImage('encoder', args, options)));

/** What an image refuses at once, with no resource begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(
    () => new EncoderImage('encoder', args as EncoderImageArgs, options as EncoderImageOptions | undefined),
  );
