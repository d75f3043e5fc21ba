// CloudFormation's resource schemas as cfn-lint's wheel has them, found by the names of Pulumi's types.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export class Schemas {
  #byName = new Map();
  #services;
  /** The day of the schemas. */
  date;

  /**
   * @param folder an unpacked wheel of cfn-lint
   * @param services what CloudFormation calls a service, by Pulumi's module, where the two differ
   */
  constructor(folder, services) {
    this.#services = services;
    const data = join(folder, 'cfnlint/data/schemas');
    this.date = JSON.parse(readFileSync(join(data, 'version.json'), 'utf8')).schema_date.slice(0, 10);
    for (const file of readdirSync(join(data, 'resources')).sort()) {
      const { typeName, handlers } = JSON.parse(readFileSync(join(data, 'resources', file), 'utf8'));
      // Of those that differ by region, the one that says most.
      const before = this.#byName.get(typeName?.toLowerCase());
      if (typeName && (!before?.handlers || JSON.stringify(handlers ?? '').length > before.length))
        this.#byName.set(typeName.toLowerCase(), {
          typeName,
          handlers,
          length: JSON.stringify(handlers ?? '').length,
        });
    }
  }

  /** CloudFormation's name of a type that has the same name there: `aws:ec2/vpc:Vpc` is AWS::EC2::VPC. */
  named(type) {
    const [, path = '', name = ''] = type.split(':');
    const module = path.split('/')[0];
    const service = this.#services[module] ?? module;
    for (const each of [name, name.replace(/V2$/, '')]) {
      const found = this.#byName.get(`aws::${service}::${each}`.toLowerCase());
      if (found) return found.typeName;
    }
    return undefined;
  }

  /** What each handler may do; undefined where there is no such type, or its schema does not say. */
  handlers(name) {
    return this.#byName.get(name.toLowerCase())?.handlers;
  }
}
