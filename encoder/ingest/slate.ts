/** The picture that viewers see while there is no source: colour bars, or an image of the user's. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PictureFormat } from '../ffmpeg/job';

const run = promisify(execFile);

/** @param image path of a PNG or JPEG file; bars where there is none. @throws Error naming the file and what is wrong with it */
export async function slatePicture(format: PictureFormat, image?: string): Promise<Buffer> {
  const { width, height, pixelFormat, bytes } = format;
  const input = image
    ? ['-i', `file:${image}`]
    : ['-f', 'lavfi', '-i', `smptehdbars=size=${width}x${height}:rate=1`];
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:out_color_matrix=bt709:out_range=tv`;
  const filters = `${fit},pad=${width}:${height}:-1:-1,format=${pixelFormat}`;
  const output = ['-frames:v', '1', '-vf', filters, '-f', 'rawvideo', 'pipe:1'];
  try {
    const { stdout } = await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input, ...output], {
      encoding: 'buffer',
      maxBuffer: 2 * bytes,
      timeout: 20_000,
    });
    if (stdout.length === bytes) return stdout;
    throw new Error('it holds no picture');
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n').at(-1);
    const reason = said?.length ? said : (error as Error).message;
    throw new Error(
      image ? `the slate ${image} cannot be read as a picture: ${reason}` : `no slate: ${reason}`,
    );
  }
}
