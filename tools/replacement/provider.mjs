// Talks to the AWS provider itself, over its own plugin protocol: what a plan would replace, without the validators that
// stand before a plan, so that any value may be tried.
import { spawn, execFileSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';

/** Published with the protocol: a provider starts only for who knows it (Terraform's plugin documentation). */
const COOKIE = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a191cb4d6991ae9872b2',
};
const CALL_MS = 10_000;

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

const json = (value) => ({ json: Buffer.from(JSON.stringify(value)) });

export class Provider {
  #child;
  #client;

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
    const [line] = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (text) => resolve([text]));
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

  /** @param {object} config of the provider, complete: null for what is not set */
  async configure(config) {
    const { diagnostics } = await this.#call('Configure', {
      terraform_version: '1.10.0',
      config: json(config),
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
      prior_state: json(prior),
      proposed_new_state: json(proposed),
      config: json(proposed),
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
    this.#child.kill();
  }
}
