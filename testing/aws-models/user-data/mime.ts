/** A MIME message of several parts, as cloud-init reads it. */
import type { Problems } from '../problems';

export interface MimePart {
  /** In lower case, without parameters. */
  readonly type: string;
  readonly body: string;
}

const RFC = 'RFC 2046, 5.1';

/** The parts, decoded. None where the message cannot be read. */
export function partsOfMime(message: string, path: string, problems: Problems): readonly MimePart[] {
  const text = message.replaceAll('\r\n', '\n');
  const { headers, body } = split(text);
  const boundary = /boundary="?([^";\n]+)"?/i.exec(headers.get('content-type') ?? '')?.[1];
  const refuse = (problem: string, allowed: string, fix: string): readonly MimePart[] => {
    problems.ineffective(path, { problem, allowed: `${allowed} (${RFC})`, fix });
    return [];
  };
  if (boundary === undefined) {
    return refuse('no boundary in its Content-Type', 'multipart/mixed; boundary="..."', 'add the boundary');
  }
  const [, ...pieces] = `\n${body}`.split(`\n--${boundary}`);
  if (pieces.length === 0) {
    return refuse(
      `no part begins with --${boundary}`,
      'the boundary before each part',
      'correct the boundary',
    );
  }
  const last = pieces.findIndex((piece) => piece.startsWith('--'));
  if (last < 0) refuse('the last boundary is missing', `--${boundary}-- at the end`, `add --${boundary}--`);
  return pieces.slice(0, last < 0 ? undefined : last).map((piece) => {
    const part = split(piece.replace(/^[ \t]*\n/, ''));
    const type = (part.headers.get('content-type') ?? 'text/plain').split(';')[0]!.trim().toLowerCase();
    const isBase64 = /^base64$/i.test(part.headers.get('content-transfer-encoding') ?? '');
    return { type, body: isBase64 ? Buffer.from(part.body, 'base64').toString() : part.body };
  });
}

function split(text: string): { headers: ReadonlyMap<string, string>; body: string } {
  // A part without headers begins with the empty line.
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const rows = head
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n')
    .map((line) => /^([\w-]+):\s*(.*)$/.exec(line))
    .filter((row) => row !== null);
  const headers = new Map(rows.map(([, name, value]) => [name!.toLowerCase(), value!.trim()]));
  return { headers, body: end < 0 ? '' : text.slice(end === 0 ? 1 : end + 2) };
}
