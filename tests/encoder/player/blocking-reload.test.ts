import { expect } from 'chai';
import { blockingUrl } from '../../../encoder/player/blocking-reload';

const URL = 'http://origin.test/live/test/360p.m3u8';
const details = { live: true, canBlockReload: true, lastPartSn: 101, lastPartIndex: 4, endSN: 100 };

describe('playlist request after an error', () => {
  it('asks for the part after the last known one', () => {
    expect(blockingUrl(URL, details)).to.equal(`${URL}?_HLS_msn=101&_HLS_part=5`);
  });

  it('asks for the first part of the next segment where the last known one is complete', () => {
    expect(blockingUrl(URL, { ...details, endSN: 101, lastPartIndex: 11 })).to.equal(
      `${URL}?_HLS_msn=102&_HLS_part=0`,
    );
  });

  it('leaves directives that hls.js has set as they are', () => {
    expect(blockingUrl(`${URL}?_HLS_msn=90&_HLS_part=1`, details)).to.equal(undefined);
  });

  it('stays plain where nothing is known, or nothing can block', () => {
    expect(blockingUrl(URL, undefined)).to.equal(undefined);
    expect(blockingUrl(URL, null)).to.equal(undefined);
    expect(blockingUrl(URL, { ...details, live: false })).to.equal(undefined);
    expect(blockingUrl(URL, { ...details, canBlockReload: false })).to.equal(undefined);
    expect(blockingUrl(URL, { ...details, lastPartIndex: -1 })).to.equal(undefined);
  });
});
