// What @pulumi/aws declares: every resource with its token, its inputs and the shape of each, read from its
// declarations with TypeScript's parser (names and shapes are all that is wanted, so nothing is type-checked).
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * `document` is text that may be given as an object (a policy), `resource` one that may be given as a resource (its id).
 * @typedef {{ optional?: boolean } & ({ kind: 'scalar', document: boolean, resource: boolean }
 *   | { kind: 'list', of: Shape } | { kind: 'map', of: Shape } | { kind: 'object', type: string })} Shape
 * @typedef {{ token: string, file: string, inputs: Map<string, Shape>, outputs: string[],
 *   outputShapes: Map<string, Shape> }} PulumiResource
 */

/** The unions that stand for one value: `Input<T | undefined>`, `T | undefined`, `Input<T>`. */
function unwrapped(node) {
  if (ts.isParenthesizedTypeNode(node)) return unwrapped(node.type);
  if (ts.isTypeReferenceNode(node) && node.typeArguments?.length === 1) {
    const name = node.typeName.getText();
    if (/^(pulumi\.)?(Input|Output|Unwrap)$/.test(name)) return unwrapped(node.typeArguments[0]);
  }
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(unwrapped);
  return [node];
}

/** @returns {Shape} */
function shapeOf(node) {
  const members = unwrapped(node).filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword);
  const texts = members.some((member) => member.kind === ts.SyntaxKind.StringKeyword);
  for (const member of texts ? [] : members) {
    if (ts.isArrayTypeNode(member)) return { kind: 'list', of: shapeOf(member.elementType) };
    if (ts.isTypeLiteralNode(member)) {
      const index = member.members.find(ts.isIndexSignatureDeclaration);
      if (index) return { kind: 'map', of: shapeOf(index.type) };
    }
    if (ts.isTypeReferenceNode(member)) {
      const name = member.typeName.getText();
      if (/^(inputs|outputs)\./.test(name)) return { kind: 'object', type: name.replace(/^\w+\./, '') };
    }
  }
  const others = members
    .map((member) => member.getText())
    .filter((text) => !/^(string|number|boolean|any)$/.test(text));
  const document = texts && others.some((text) => /PolicyDocument$/.test(text));
  return { kind: 'scalar', document, resource: texts && !document && others.length > 0 };
}

function membersOf(declaration) {
  return new Map(
    declaration.members
      .filter((member) => ts.isPropertySignature(member) && member.type)
      .map((member) => [
        member.name.getText().replace(/^['"]|['"]$/g, ''),
        { ...shapeOf(member.type), optional: member.questionToken !== undefined },
      ]),
  );
}

const parse = (file) =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, /* setParentNodes */ true);

/**
 * The named shapes of inputs, or of outputs: `s3.BucketLifecycleConfigurationRule` to its properties.
 * @param {'input' | 'output'} which
 */
export function objectTypes(root, which) {
  const found = new Map();
  const walk = (node, prefix) => {
    if (ts.isModuleDeclaration(node) && node.body) {
      const inside = [...prefix, node.name.text];
      for (const statement of node.body.statements) walk(statement, inside);
    } else if (ts.isInterfaceDeclaration(node)) {
      found.set([...prefix, node.name.text].join('.'), membersOf(node));
    }
  };
  for (const statement of parse(path.join(root, `types/${which}.d.ts`)).statements) walk(statement, []);
  return found;
}

/** @returns {PulumiResource[]} by token */
export function resources(root) {
  const found = new Map();
  for (const file of globSync('**/*.d.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'types',
  })) {
    const code = path.join(root, file.replace(/\.d\.ts$/, '.js'));
    const token = /static __pulumiType = '(aws:[^']+)'/.exec(readFileSync(code, 'utf8'))?.[1];
    if (token === undefined) continue;
    const source = parse(path.join(root, file));
    const declared = source.statements.find(ts.isClassDeclaration);
    const args = source.statements.find(
      (statement) =>
        ts.isInterfaceDeclaration(statement) && statement.name.text === `${declared.name.text}Args`,
    );
    const outputs = declared.members.filter(
      (member) => ts.isPropertyDeclaration(member) && member.type?.getText().startsWith('pulumi.Output'),
    );
    found.set(token, {
      ...{ token, file, inputs: args ? membersOf(args) : new Map() },
      outputs: outputs.map((member) => member.name.getText()),
      outputShapes: new Map(outputs.map((member) => [member.name.getText(), shapeOf(member.type)])),
    });
  }
  return [...found.values()].sort((a, b) => (a.token < b.token ? -1 : 1));
}
