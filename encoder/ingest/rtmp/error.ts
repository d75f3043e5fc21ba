/** What a peer sent that is no RTMP, or more of it than is accepted: its connection is closed. */
export class RtmpError extends Error {
  override readonly name = 'RtmpError';
}
