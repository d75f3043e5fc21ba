import { leaves, list, number, text, type Reader } from './reader';
import type { GraphResource, GraphValue } from '../graph/types';
import type { Endpoint, EndpointKind } from './types';

/** What a person or a device will call: addresses in the stack's outputs and the components', and what listens in public. */
export function endpointsOf(reader: Reader): Endpoint[] {
  const found = new Map<string, Endpoint>();
  const add = (kind: EndpointKind, name: string, value: string) => {
    if (found.has(value)) return;
    const { text: address, known } = reader.shown(value);
    found.set(value, { kind, name, address, known });
  };
  const addAll = (outputs: { readonly [name: string]: GraphValue }) => {
    for (const [name, value] of Object.entries(outputs)) {
      for (const leaf of leaves(value, name)) {
        if (/^[a-z][a-z0-9+]*:\/\/\S+$/i.test(leaf.text))
          add(kindOf(leaf.text), nameOf(leaf.path), leaf.text);
      }
    }
  };
  addAll(reader.graph.outputs);
  for (const { custom, type, outputs } of reader.graph.resources) {
    if (!custom && type !== 'pulumi:pulumi:Stack') addAll(outputs);
  }
  for (const each of reader.ofType('aws:cloudfront/distribution:Distribution')) {
    for (const alias of list(each.inputs['aliases'])) {
      if (typeof alias === 'string') add('distribution', each.name, `https://${alias}/`);
    }
    const domain = text(each.outputs['domainName']);
    if (domain !== undefined) add('distribution', each.name, `https://${domain}/`);
  }
  for (const each of reader.ofType('aws:globalaccelerator/accelerator:Accelerator')) {
    const name = text(each.outputs['dnsName']);
    if (name !== undefined) add('accelerator', each.name, name);
  }
  for (const each of reader.ofType('aws:lb/loadBalancer:LoadBalancer')) {
    const name = text(each.outputs['dnsName']);
    if (each.inputs['internal'] !== true && name !== undefined)
      add('balancer', each.name, `${name}${ports(reader, each)}`);
  }
  for (const each of reader.ofType('aws:cloudwatch/dashboard:Dashboard')) {
    const name = text(each.inputs['dashboardName']) ?? each.name;
    add(
      'dashboard',
      each.name,
      `https://console.aws.amazon.com/cloudwatch/home?region=${text(each.outputs['region']) ?? ''}#dashboards/dashboard/${name}`,
    );
  }
  return [...found.values()];
}

function kindOf(address: string): EndpointKind {
  if (/^(srt|rtmps?|udp|rtp|rist|zixi):/i.test(address)) return 'contribute';
  if (/\.(m3u8|mpd)($|\?)/i.test(address)) return 'watch';
  return 'other';
}

/** `channels.news.url` is of news, and `watch.news` too. */
function nameOf(path: string): string {
  const names = path.split('.').filter((name) => !/^(channels|url|address|watch|contribute)$/.test(name));
  return names.join('.') || path;
}

function ports(reader: Reader, balancer: GraphResource): string {
  const listening = reader
    .ofType('aws:lb/listener:Listener')
    .filter((each) => reader.uses(each, 'aws:lb/loadBalancer:LoadBalancer').includes(balancer))
    .map(({ inputs }) => `${text(inputs['protocol']) ?? ''} ${number(inputs['port']) ?? ''}`.trim())
    .sort();
  return listening.length === 0 ? '' : ` (${ranges(listening)})`;
}

/** `UDP 9000`, `UDP 9001`, `TCP 443`: as `TCP 443, UDP 9000-9001`. */
export function ranges(listening: readonly string[]): string {
  const parts: { protocol: string; from: number; to: number }[] = [];
  for (const each of [...new Set(listening)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const [protocol = '', port = ''] = each.split(' ');
    const last = parts.at(-1);
    if (last?.protocol === protocol && Number(port) === last.to + 1) last.to = Number(port);
    else parts.push({ protocol, from: Number(port), to: Number(port) });
  }
  return parts
    .map(({ protocol, from, to }) => `${protocol} ${from}${to === from ? '' : `-${to}`}`)
    .join(', ');
}
