import { expect } from 'chai';
import fc from 'fast-check';
import { CaptionServices, type CaptionService } from '../../../encoder/ingest/ts/caption-services';
import { erase, popOn, triplet, type Line21Service } from '../../support/captions';

function services(...ccData: readonly Buffer[]): CaptionService[] {
  const found = new CaptionServices();
  for (const each of ccData) found.push(each);
  return found.list();
}

/** A packet of CEA-708 in its triplets: header, then service blocks, filled up with a null. */
function digital(...blocks: readonly (readonly number[])[]): Buffer[] {
  const body = blocks.flat();
  if (body.length % 2 === 0) body.push(0);
  const bytes = [(1 << 6) | ((body.length + 1) / 2), ...body];
  const out: Buffer[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    out.push(Buffer.from([i === 0 ? 0xff : 0xfe, bytes[i]!, bytes[i + 1]!]));
  }
  return out;
}

const block = (service: number, ...data: readonly number[]): number[] => [
  (service << 5) | data.length,
  ...data,
];

describe('caption services that carry data', () => {
  for (const service of ['CC1', 'CC2', 'CC3', 'CC4'] as const) {
    it(`knows ${service} by its field and its control codes`, () => {
      expect(services(...popOn(service, 'text').map((pair) => triplet(service, pair)))).to.deep.equal([
        service,
      ]);
    });
  }

  it('lists several in order', () => {
    const pairs = (['CC3', 'CC1'] as const).flatMap((service) =>
      popOn(service, 'x').map((pair) => triplet(service, pair)),
    );
    expect(services(...digital(block(2, 0x41)), ...pairs, ...digital(block(1, 0x41)))).to.deep.equal([
      'CC1',
      'CC3',
      'SERVICE1',
      'SERVICE2',
    ]);
  });

  it('knows each service of CEA-708 in one packet, and no extended one', () => {
    const all = [1, 2, 3, 4, 5, 6].map((service) => block(service, 0x41, 0x42));
    expect(services(...digital(...all))).to.deep.equal([1, 2, 3, 4, 5, 6].map((n) => `SERVICE${n}`));
    // Number 7 announces the number in a byte of its own.
    expect(services(...digital([(7 << 5) | 1, 12, 0x41], block(3, 0x41)))).to.deep.equal(['SERVICE3']);
  });

  it('waits for the whole packet, whatever pictures it is spread over', () => {
    const packet = digital(block(4, ...Array.from({ length: 20 }, () => 0x41)));
    expect(services(...packet.slice(0, -1))).to.deep.equal([]);
    expect(services(...packet)).to.deep.equal(['SERVICE4']);
  });

  it('hears nothing in padding, null pairs, empty blocks and invalid constructs', () => {
    const pairs = popOn('CC1', 'text').map((pair) => triplet('CC1', pair));
    const invalid = pairs.map(([marker, a, b]) => Buffer.from([marker! & ~0x04, a!, b!]));
    expect(
      services(
        Buffer.from([0xfa, 0, 0, 0xfc, 0x80, 0x80, 0xfd, 0x80, 0x80, 0xf8, 0x80, 0x80]),
        ...digital(block(1), block(2)),
        ...invalid,
      ),
    ).to.deep.equal([]);
  });

  it('hears nothing in pairs of wrong parity', () => {
    const flipped = popOn('CC1', 'text').map((pair) => {
      const [marker, a, b] = triplet('CC1', pair);
      return Buffer.from([marker!, a! ^ 0x80, b!]);
    });
    expect(services(...flipped)).to.deep.equal([]);
  });

  it('hears characters only once a control code has said whose they are', () => {
    const characters = popOn('CC2', 'text').slice(6, 8);
    expect(services(...characters.map((pair) => triplet('CC2', pair)))).to.deep.equal([]);
  });

  it('takes neither XDS nor text services for captions', () => {
    const send = (service: Line21Service, ...pairs: (readonly [number, number])[]): Buffer[] =>
      pairs.map((pair) => triplet(service, pair));
    // A class of XDS, its data, its end.
    expect(services(...send('CC3', [0x01, 0x03], [0x41, 0x42], [0x0f, 0x1d]))).to.deep.equal([]);
    // Resume Text Display, a position, characters; then captions again.
    const text = send('CC1', [0x14, 0x2b], [0x14, 0x60], [0x41, 0x42]);
    expect(services(...text)).to.deep.equal([]);
    expect(services(...text, ...send('CC1', [0x14, 0x20]))).to.deep.equal(['CC1']);
  });

  it('counts an erased screen as data: the service is there', () => {
    expect(services(...erase('CC4').map((pair) => triplet('CC4', pair)))).to.deep.equal(['CC4']);
  });

  it('never throws on noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (noise) => {
        for (const each of services(...noise.map((bytes) => Buffer.from(bytes)))) {
          expect(each).to.match(/^(?:CC[1-4]|SERVICE[1-6])$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
