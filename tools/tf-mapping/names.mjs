// How Pulumi's bridge names what Terraform names: `lifecycle_rule`, many, is `lifecycleRules`.

export const camel = (name) => name.replace(/_+([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The same for a name and its plural: `policies` and `policy`, `addresses` and `address`, `aliases` and `alias`. */
export function stem(name) {
  return name
    .toLowerCase()
    .replace(/indices$/, 'index')
    .replace(/eses$/, 'esis')
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x|us|as)es$/, '$1')
    .replace(/([^s])s$/, '$1')
    .replace(/e$/, '');
}
