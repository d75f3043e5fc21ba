// Talks to the AWS provider itself, over its own plugin protocol: what a plan would replace, without the validators that
// stand before a plan, so that any value may be tried.
import { spawn, execFileSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { encode } from '@msgpack/msgpack';
import { startTableService } from '../../dist/planner/judge/table-service.js';

/** Published with the protocol: a provider starts only for who knows it (Terraform's plugin documentation). */
const COOKIE = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
};
const CALL_MS = 30_000;

/** The protocol's definition, from the module that the provider is built with. */
function protocolFile() {
  const folder = execFileSync(
    'go',
    ['list', '-m', '-f', '{{.Dir}}', 'github.com/hashicorp/terraform-plugin-go'],
    {
      cwd: path.join(import.meta.dirname, '../judge/provider'),
      encoding: 'utf8',
    },
  ).trim();
  return path.join(folder, 'tfprotov5/internal/tfplugin5/tfplugin5.proto');
}

const packed = (value) => ({ msgpack: Buffer.from(encode(value)) });

/** The provider's block of endpoints, with all that are not given null. */
function endpointsAt(blocks, given) {
  const { block } = blocks.find(({ type_name }) => type_name === 'endpoints');
  return { ...Object.fromEntries(block.attributes.map(({ name }) => [name, null])), ...given };
}

export class Provider {
  static #block;
  #child;
  #client;
  #tables;

  /** @param {string} executable */
  static async start(executable) {
    const provider = new Provider();
    const child = spawn(executable, [], {
      env: {
        ...COOKIE,
        PATH: process.env.PATH,
        AWS_EC2_METADATA_DISABLED: 'true',
        HTTPS_PROXY: 'http://127.0.0.1:9',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    provider.#child = child;
    provider.#tables = await startTableService();
    const [line] = await new Promise((resolve, reject) => {
      // Whatever else it prints has no bars in it.
      createInterface({ input: child.stdout }).on('line', (text) => text.includes('|') && resolve([text]));
      child.once('exit', (code) => reject(new Error(`the provider ended with ${code} before it was ready`)));
    });
    // core version | protocol | network | address | kind
    const [, , network, address] = line.split('|');
    const definition = loader.loadSync(protocolFile(), {
      keepCase: true,
      longs: Number,
      oneofs: true,
      arrays: true,
    });
    const { Provider: Client } = grpc.loadPackageDefinition(definition).tfplugin5;
    provider.#client = new Client(
      network === 'unix' ? `unix:${address}` : address,
      grpc.credentials.createInsecure(),
      {
        'grpc.max_receive_message_length': 512 * 2 ** 20,
      },
    );
    return provider;
  }

  #call(method, request) {
    return new Promise((resolve, reject) => {
      this.#client[method](request, { deadline: Date.now() + CALL_MS }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }

  /** @param {object} given what is set of the provider's configuration; the rest is null, as the protocol wants it */
  async configure(given) {
    // Asked once: it describes every type as well, 20 MB.
    Provider.#block ??= this.#call('GetSchema', {}).then(({ provider }) => provider.block);
    const { attributes, block_types } = await Provider.#block;
    const config = {
      ...Object.fromEntries(attributes.map(({ name }) => [name, null])),
      ...Object.fromEntries(block_types.map(({ type_name }) => [type_name, []])),
      ...given,
      endpoints: [endpointsAt(block_types, { dynamodb: this.#tables.url })],
    };
    const { diagnostics } = await this.#call('Configure', {
      terraform_version: '1.10.0',
      config: packed(config),
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'ERROR' || severity === 1);
    if (errors.length > 0)
      throw new Error(`the provider is not configured: ${errors[0].summary}: ${errors[0].detail}`);
  }

  /**
   * The plan of a change from one state to another.
   * @returns {Promise<{ planned: string, replaces: (string | number)[][], errors: string[] }>}
   */
  async plan(type, prior, proposed) {
    const answer = await this.#call('PlanResourceChange', {
      type_name: type,
      prior_state: packed(prior),
      proposed_new_state: packed(proposed),
      config: packed(proposed),
    });
    return {
      planned: answer.planned_state?.msgpack?.toString('base64') ?? '',
      replaces: answer.requires_replace.map(({ steps }) => steps.map((step) => step[step.selector])),
      errors: answer.diagnostics
        .filter(({ severity }) => severity === 'ERROR' || severity === 1)
        .map(({ summary, detail }) => `${summary}: ${detail}`),
    };
  }

  stop() {
    this.#client?.close();
    this.#tables.stop();
    this.#child.kill();
  }
}
