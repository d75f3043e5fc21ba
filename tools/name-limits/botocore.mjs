// The models of AWS's APIs, as botocore (Apache-2.0) publishes them.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export class Botocore {
  #folder;
  #models = new Map();

  /** @param folder an unpacked wheel of botocore: it holds `botocore/data` */
  constructor(folder) {
    this.#folder = join(folder, 'botocore');
    if (!existsSync(join(this.#folder, 'data'))) {
      throw new Error(`${folder} holds no botocore/data; give the folder that its wheel was unpacked in`);
    }
  }

  get version() {
    const source = readFileSync(join(this.#folder, '__init__.py'), 'utf8');
    return /__version__ = '([^']+)'/.exec(source)[1];
  }

  /** The newest model of a service; undefined where there is none. */
  model(service) {
    if (!this.#models.has(service)) this.#models.set(service, this.#read(service));
    return this.#models.get(service);
  }

  #read(service) {
    const folder = join(this.#folder, 'data', service);
    if (!existsSync(folder)) return undefined;
    const file = readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('service-2.json.gz'))
      .sort()
      .at(-1);
    return file && JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString());
  }

  /** Limits and prose of `service.Operation.Member`, or, further down, of a member of a member. */
  member(path) {
    const [service, operation, ...members] = path.split('.');
    const model = this.model(service);
    const known = model?.operations[operation];
    if (!known) throw new Error(`${path}: no such operation`);
    let shape = known.input.shape;
    let prose = known.documentation ?? '';
    for (const member of members) {
      const found = model.shapes[shape].members?.[member];
      if (!found) throw new Error(`${path}: no member ${member}`);
      prose += ` ${found.documentation ?? ''} ${model.shapes[found.shape].documentation ?? ''}`;
      shape = found.shape;
    }
    return { ...limits(model.shapes[shape]), prose: plain(prose) };
  }

  shape(path) {
    const [service, name] = path.split('.');
    const shape = this.model(service)?.shapes[name];
    if (!shape) throw new Error(`${path}: no such shape`);
    return { ...limits(shape), prose: plain(shape.documentation ?? '') };
  }
}

function limits({ min, max, pattern }) {
  return { min, max, pattern };
}

function plain(html) {
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}
