/** Segments, parts and initialization sections: fetched once, whoever asks. */
import type { ByteRange } from '../playlist';
import { resolveUri } from '../world';
import { placeOf, tryAsk, type ProbeContext } from './context';
import type { AnswerKind } from './headers';
import { RequestFailed, type Answer } from './http';

export class Resources {
  readonly #context: ProbeContext;
  readonly #known = new Map<string, Promise<Answer | RequestFailed>>();

  constructor(context: ProbeContext) {
    this.#context = context;
  }

  /** @param uri as the playlist at `base` writes it */
  fetch(
    kind: AnswerKind,
    uri: string,
    base: string,
    byteRange: ByteRange | undefined,
    timeoutMs: number,
  ): Promise<Answer | RequestFailed> {
    const url = resolveUri(uri, base);
    if (url === undefined) return Promise.resolve(new RequestFailed('network', `${uri} is not a URI`));
    const key = `${url} ${byteRange?.offset ?? ''} ${byteRange?.length ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = tryAsk(this.#context, url, { kind, timeoutMs, byteRange });
    this.#known.set(key, result);
    return result;
  }

  /** Fetches what a playlist lists, which must be there: D13. */
  async listed(
    kind: AnswerKind,
    uri: string,
    base: string,
    line: number,
    byteRange?: ByteRange,
  ): Promise<Buffer | undefined> {
    const result = await this.fetch(kind, uri, base, byteRange, 15_000);
    const { collector } = this.#context;
    if (result instanceof RequestFailed) {
      if (result.kind === 'aborted') return undefined;
      collector.report(
        'D13',
        kind,
        { url: base, line, uri },
        `the listed ${kind} was not served: ${result.message}`,
      );
      return undefined;
    }
    collector.checked('D13');
    if (result.status !== 200 && result.status !== 206) {
      const { request } = placeOf(result.url);
      collector.report(
        'D13',
        kind,
        { url: base, line, uri, ...(request === undefined ? {} : { request }) },
        `the listed ${kind} was answered with status ${result.status}`,
      );
      return undefined;
    }
    if (!result.whole) {
      collector.report(
        'D13',
        kind,
        { url: base, line, uri },
        `the listed ${kind} ended after ${result.body.length} of ${result.headers['content-length'] ?? '?'} bytes`,
      );
      return undefined;
    }
    // A server that ignores Range sends the whole file.
    if (byteRange !== undefined && result.status === 200) {
      const from = byteRange.offset ?? 0;
      return result.body.subarray(from, from + byteRange.length);
    }
    return result.body;
  }
}
