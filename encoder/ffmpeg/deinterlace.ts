/** Only what is marked as interlaced; from 50 frames a second on, each field becomes a picture. */
export const deinterlace = (filter: 'bwdif' | 'yadif' | 'yadif_cuda', framesPerSecond: number): string =>
  `${filter}=mode=${framesPerSecond >= 50 ? 'send_field' : 'send_frame'}:deint=interlaced`;
