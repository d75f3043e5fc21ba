/** A graph of one resource, as if a program had made it in us-east-1. */
import { checkDocuments, type DocumentOptions, type DocumentReport } from '../../testing/aws-models';
import { GRAPH_VERSION, type Graph, type GraphResource, type GraphValue } from '../../planner/graph/types';

const STACK = 'urn:pulumi:dev::video';

const resourceOf = (
  type: string,
  inputs: Readonly<Record<string, GraphValue>>,
  name = 'it',
): GraphResource => ({
  ...{ urn: `${STACK}::${type}::${name}`, type, name, inputs, id: name, outputs: {} },
  ...{ custom: true, remote: false, external: false, modelled: true, parent: null, position: null },
  ...{ computed: [], token: '0000000', dependencies: [], propertyDependencies: {}, options: {} },
  provider: `${STACK}::pulumi:providers:aws::default::id`,
});

/** Each resource has a name of its own: `it`, `it1`, `it2`. */
export const graphOf = (
  resources: readonly (readonly [type: string, inputs: Readonly<Record<string, GraphValue>>])[],
  region = 'us-east-1',
): Graph => ({
  ...{ version: GRAPH_VERSION, recorder: 'component', project: 'video', stack: 'dev' },
  resources: resources.map(([type, inputs], n) => resourceOf(type, inputs, n === 0 ? 'it' : `it${n}`)),
  providers: [
    {
      ...{ urn: `${STACK}::pulumi:providers:aws::default`, id: 'id', package: 'aws', version: null, region },
      ...{ explicit: false, configuration: {}, defaultTags: {} },
    },
  ],
  ...{ invokes: [], calls: [], reads: [], logs: [], unanswered: [], doubles: [], leaks: [] },
  ...{ outputs: {}, notModelled: {} },
});

export const reportOf = (
  type: string,
  inputs: Readonly<Record<string, GraphValue>>,
  options: DocumentOptions = {},
  region = 'us-east-1',
): DocumentReport => checkDocuments(graphOf([[type, inputs]], region), options);

/** What is wrong, as `<verdict> <path>: <problem>`; `fix` where the test is about that. */
export const problemsOf = (
  type: string,
  inputs: Readonly<Record<string, GraphValue>>,
  region?: string,
): string[] =>
  reportOf(type, inputs, {}, region).findings.map(
    ({ verdict, property, problem }) => `${verdict} ${property}: ${problem}`,
  );
