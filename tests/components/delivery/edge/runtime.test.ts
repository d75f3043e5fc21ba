import { expect } from 'chai';
import { edgeCode } from '../../../../components/delivery/edge';
import {
  EdgeError,
  edgeFaults,
  edgeMilliseconds,
  runEdge,
  viewerRequest,
  viewerResponse,
} from '../../../../testing/edge';

const run = (body: string, url = '/a') =>
  runEdge(`function handler(event) { ${body} }`, viewerRequest(url), { timeoutMs: 100 });
const faultsOf = (text: string): string[] =>
  edgeFaults(`${text}\nfunction handler(event) { return event.request; }`).map((line) =>
    line.replace(/^\d+:\d+ /, ''),
  );

describe('the harness of edge functions', () => {
  describe('refuses code that the runtime does not take', () => {
    for (const [text, fault] of [
      ['class A {}', 'a class is not supported'],
      ['for (const a of []) a;', 'for ... of is not supported'],
      ['const { a } = {};', 'destructuring is not supported'],
      ['const [a] = [];', 'destructuring is not supported'],
      ['let a; [a] = [1];', 'destructuring is not supported'],
      ['const a = [...[]];', 'spread is not supported'],
      ['const a = { ...{} };', 'spread is not supported'],
      ['const b = 1; const a = { b };', 'a shorthand property is not supported'],
      ['const a = { ["b"]: 1 };', 'a computed property name is not supported'],
      ['const a = { b() {} };', 'a method in an object literal is not supported'],
      ['function f(a = 1) {}', 'a default value of a parameter is not supported'],
      ['const a = {}?.b;', 'optional chaining is not supported'],
      ['const a = null ?? 1;', '?? is not supported'],
      ['let a; a ??= 1;', '??= is not supported'],
      ['function* g() {}', 'a generator is not supported'],
      ['const f = async () => 1;', 'an async function that is no declaration at the top is not supported'],
      ['const a = 1n;', 'a BigInt is not supported'],
      ['try { f(); } catch { }', 'catch without a name is not supported'],
      ['export const a = 1;', 'an export is not supported'],
      ["import fs from 'fs';", "there is no module 'fs'"],
      ["import { kvs } from 'cloudfront';", "only import name from '...' is supported"],
      ["const c = require('http');", 'require gives crypto, querystring and buffer alone'],
      ["const c = import('crypto');", 'import() is not supported'],
      ['setTimeout(() => 1, 1);', 'setTimeout is not there'],
      ['const m = new Map();', 'Map is not there'],
      ["eval('1');", 'eval is not there'],
      ['const f = new Function();', 'Function is not there'],
      ['const p = process.env;', 'process is not there'],
    ] as const) {
      it(text, () => expect(faultsOf(text)).to.include(fault));
    }

    it('without a handler, of too many bytes, and of no JavaScript', () => {
      expect(edgeFaults('const a = 1;')).to.deep.equal(['there is no function handler(event)']);
      const long = `function handler(event) { return event.request; } // ${'x'.repeat(10_300)}`;
      expect(edgeFaults(long)).to.deep.equal([`the code has ${long.length} bytes; allowed: 10240`]);
      expect(edgeFaults('function handler( {')[0]).to.match(/^no JavaScript: /);
    });

    it('with the place of each fault', () => {
      expect(edgeFaults('function handler(event) {\n  return new Set();\n}')).to.deep.equal([
        '2:14 Set is not there',
      ]);
    });
  });

  it('takes what the runtime takes', () => {
    const text = `
      import cf from 'cloudfront';
      import crypto from 'crypto';
      const qs = require('querystring');
      const names = (...all) => all.map((name) => \`\${name}!\`).join();
      async function value() { return await cf.kvs().get('a'); }
      async function handler(event) {
        let got = '';
        try { got = await value(); } catch (error) { got = 'none'; }
        for (const key in event.request.headers) got = got + key;
        const sum = crypto.createHash('sha256').update(got).digest('hex');
        event.request.headers['x-sum'] = { value: sum };
        event.request.querystring = qs.stringify({ a: 2 ** 3 }) + names('b');
        console.log(got);
        return event.request;
      }`;
    expect(edgeFaults(text)).to.deep.equal([]);
    const { request, log, reads } = runEdge(text, viewerRequest('/a'), { keyValueStore: { a: 'A' } });
    expect(log).to.deep.equal(['A']);
    expect(reads).to.equal(1);
    expect(request!.querystring).to.equal('a=8b!');
    expect(request!.headers['x-sum']!.value).to.have.length(64);
  });

  describe('fails as CloudFront fails', () => {
    for (const [what, body, message] of [
      ['an exception', 'return event.request.headers["user-agent"].value;', /TypeError/],
      ['a timer', 'setTimeout(() => 1, 1); return event.request;', /setTimeout is not defined/],
      ['the network', 'return fetch("http://127.0.0.1/");', /fetch is not defined/],
      ['the process', 'return process.env;', /process is not defined/],
      [
        "a way round by an object's constructor",
        'return event.constructor.constructor("return this")();',
        /EvalError/,
      ],
      ['an endless loop', 'for (;;) event.x = 1;', /timed out/],
      ['a promise that never comes', 'return new Promise(function () {});', /waits for what never comes/],
      ['no answer', '', /returned null, neither a request nor a response/],
      ['a status that is a text, as Lambda@Edge has', 'return { statusCode: "403" };', /statusCode is "403"/],
      ['a body that is too long', 'return { statusCode: 403, body: "x".repeat(40961) };', /40961 bytes/],
      [
        'a header of Lambda@Edge',
        'event.request.headers["x-a"] = [{ value: "b" }]; return event.request;',
        /x-a/,
      ],
      [
        'a header in capitals',
        'event.request.headers["X-A"] = { value: "b" }; return event.request;',
        /lower case/,
      ],
      [
        'a header that is not for functions',
        'event.request.headers["x-edge-a"] = { value: "b" }; return event.request;',
        /x-edge-a/,
      ],
      [
        'another Host',
        'event.request.headers.host = { value: "b" }; return event.request;',
        /host is read-only/,
      ],
      ['another method', 'event.request.method = "PUT"; return event.request;', /method is read-only/],
      [
        'a path that is none',
        'event.request.uri = "https://a/"; return event.request;',
        /begins with a slash/,
      ],
      [
        'a store that is not associated',
        'return require("cloudfront").kvs();',
        /no key value store is associated/,
      ],
    ] as const) {
      it(what, () => expect(() => run(body)).to.throw(EdgeError, message));
    }
  });

  it('stops the clock while a function runs', () => {
    const body =
      'const a = Date.now(); for (let i = 0; i < 1e6; i++) event.x = i; return { statusCode: 200, body: (Date.now() - a) + " " + new Date().toISOString() };';
    const { response } = runEdge(`function handler(event) { ${body} }`, viewerRequest('/'), { now: 0 });
    expect(response!.body).to.equal('0 1970-01-01T00:00:00.000Z');
  });

  it('makes events of requests as CloudFront does: nothing decoded, every value of a name, cookies apart', () => {
    const { request, viewer } = viewerRequest('/a%20b?x=%31&y&x=2&=z', {
      headers: { Accept: ['a', 'b'], Cookie: 'c=1; d=e=f' },
      ip: '2001:db8::1',
    });
    expect(request).to.deep.equal({
      method: 'GET',
      uri: '/a%20b',
      querystring: {
        x: { value: '%31', multiValue: [{ value: '%31' }, { value: '2' }] },
        y: { value: '' },
        '': { value: 'z' },
      },
      headers: { accept: { value: 'a', multiValue: [{ value: 'a' }, { value: 'b' }] } },
      cookies: { c: { value: '1' }, d: { value: 'e=f' } },
    });
    expect(viewer.ip).to.equal('2001:db8::1');
    expect(viewerResponse('/a', { status: 206, headers: { Age: '1' } })).to.deep.include({
      response: { statusCode: 206, headers: { age: { value: '1' } }, cookies: {} },
    });
  });

  it('says how long a function takes: ours a part of the millisecond that there is', () => {
    const { code } = edgeCode('viewer-request', { directives: {} });
    const event = viewerRequest('/live/news/720p.m3u8?_HLS_part=1&_HLS_msn=7&x=y');
    expect(edgeMilliseconds(code, event)).to.be.within(0.0001, 0.5);
    const slow =
      'function handler(event) { for (let i = 0; i < 3e6; i++) event.x = i; return event.request; }';
    expect(edgeMilliseconds(slow, event, {}, 5)).to.be.greaterThan(1);
    expect(() => edgeMilliseconds('async function handler() { throw new Error("x"); }', event)).to.throw(
      EdgeError,
      'the function failed: Error: x',
    );
  });
});
