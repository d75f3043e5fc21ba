/** Serves the player page's few files from memory. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sendError, SharedText, type Request, type Response } from './respond';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export class StaticFiles {
  readonly #prefix: string;
  readonly #files: ReadonlyMap<string, { text: SharedText; type: string }>;

  private constructor(prefix: string, files: ReadonlyMap<string, { text: SharedText; type: string }>) {
    this.#prefix = prefix;
    this.#files = files;
  }

  /** @throws Error naming a file that is missing */
  static async load(folder: string, prefix: string, names: readonly string[]): Promise<StaticFiles> {
    const files = new Map<string, { text: SharedText; type: string }>();
    for (const name of names) {
      const text = await readFile(path.join(folder, name), 'utf8');
      files.set(prefix + name, {
        text: new SharedText(text),
        type: TYPES[path.extname(name)] ?? 'text/plain',
      });
    }
    files.set(prefix, files.get(`${prefix}index.html`)!);
    return new StaticFiles(prefix, files);
  }

  /** @returns false where the path is none of these, or the method is for the origin to answer */
  handle(request: Request, response: Response): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [url = '/'] = (request.url ?? '/').split('?', 1);
    if (url === '/' || url === this.#prefix.slice(0, -1)) {
      response.writeHead(302, { location: this.#prefix, 'cache-control': 'no-store' });
      response.end();
      return true;
    }
    if (!url.startsWith(this.#prefix)) return false;
    const file = this.#files.get(url);
    if (!file) {
      sendError(response, 404, 'the player has no such file');
      return true;
    }
    response.setHeader(
      'content-security-policy',
      "default-src 'self'; media-src 'self' blob:; worker-src blob:; img-src 'self' data:; frame-ancestors 'self'",
    );
    response.setHeader('x-content-type-options', 'nosniff');
    void file.text.send(request, response, { type: file.type, cacheControl: 'no-cache' });
    return true;
  }
}
