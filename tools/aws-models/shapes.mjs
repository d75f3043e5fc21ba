// Shapes and lengths from botocore's models, without their prose.

/** The roots whose shapes are kept, by name. */
const ROOTS = {
  containerDefinitions: 'ecs.ContainerDefinitions',
};

/** Lengths of documents that are texts to the API: `service.Operation.Member`. */
const LENGTHS = {
  'iam.PutRolePolicy.PolicyDocument': ['identity'],
  'kms.PutKeyPolicy.Policy': ['key'],
  'secretsmanager.PutResourcePolicy.ResourcePolicy': ['secret'],
  'ecr.SetRepositoryPolicy.policyText': ['repository'],
  'ecr.PutLifecyclePolicy.lifecyclePolicyText': ['imageLifecycle'],
  'efs.PutFileSystemPolicy.Policy': ['fileSystem'],
  'logs.PutResourcePolicy.policyDocument': ['logs'],
  'events.PutRule.EventPattern': ['eventPattern'],
  'stepfunctions.CreateStateMachine.definition': ['stateMachine'],
  'cloudfront.CreateFunction.FunctionCode': ['functionCode'],
};

export function shapesOf(botocore) {
  const roots = {};
  const shapes = {};
  for (const [name, path] of Object.entries(ROOTS)) {
    const [service, shape] = path.split('.');
    roots[name] = shape;
    keep(botocore.model(service), shape, shapes);
  }
  const lengths = {};
  for (const [path, [name]] of Object.entries(LENGTHS)) {
    const { min, max } = botocore.member(path);
    if (max !== undefined) lengths[name] = { ...(min && { min }), max, source: path };
  }
  return { from: { package: 'botocore', version: botocore.version }, roots, shapes, lengths };
}

function keep(model, name, shapes) {
  if (shapes[name]) return;
  const { type, members, member, key, value, required, enum: words, min, max, pattern } = model.shapes[name];
  shapes[name] = {
    type,
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([each, { shape }]) => [each, shape])),
    }),
    ...(required?.length > 0 && { required }),
    ...(words && { enum: words }),
    ...(member && { member: member.shape }),
    ...(key && { key: key.shape, value: value.shape }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern && { pattern }),
  };
  for (const each of [...Object.values(members ?? {}), member, key, value]) {
    if (each) keep(model, each.shape, shapes);
  }
}

/** What services are called where they sign and answer: `<name>.amazonaws.com` is how a policy names one. */
export function serviceNames(botocore, services) {
  const names = new Set();
  for (const service of services) {
    const { endpointPrefix, signingName } = botocore.model(service)?.metadata ?? {};
    for (const name of [endpointPrefix, signingName]) if (name) names.add(name);
  }
  return [...names].sort();
}
