import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readPassphrases } from '../../../encoder/ingest/srt';
import { rejection } from '../../support/rejection';

describe('readPassphrases', () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'passphrases-'));
    file = path.join(folder, 'srt');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function read(text: string, mode = 0o600): Promise<readonly string[]> {
    await writeFile(file, text);
    await chmod(file, mode);
    return readPassphrases(file);
  }

  const refusal = async (text: string, mode?: number): Promise<string> =>
    String(await rejection(read(text, mode)));

  it('reads one or two lines, with any line end and spaces within', async () => {
    expect(await read('the one in use')).to.deep.equal(['the one in use']);
    expect(await read('the one in use\nthe next one\n')).to.deep.equal(['the one in use', 'the next one']);
    expect(await read('the one in use\r\nthe next one\r\n')).to.deep.equal([
      'the one in use',
      'the next one',
    ]);
    expect(await read('the one in use\n', 0o400)).to.deep.equal(['the one in use']);
    expect(await read(`${'p'.repeat(10)}\n${'q'.repeat(79)}`)).to.have.length(2);
  });

  it('refuses a file that others may read, with its mode and what to do', async () => {
    expect(await refusal('the one in use', 0o644)).to.equal(
      `Error: the passphrase file ${file} has mode 0644, which lets others read or change it or runs it; allowed is 0600 or less: chmod 600 ${file}`,
    );
    for (const mode of [0o640, 0o604, 0o620, 0o660]) {
      expect(await refusal('the one in use', mode)).to.contain(`chmod 600 ${file}`);
    }
  });

  it('names every line that is wrong, by its number and length alone', async () => {
    const text = `short-one\n${'r'.repeat(80)}\nand a third line`;
    expect(await refusal(text)).to.equal(
      `Error: the passphrase file ${file} is wrong: it has 3 lines; allowed are two, the one in use and the next; line 1 has 9 bytes; SRT allows 10 to 79; line 2 has 80 bytes; SRT allows 10 to 79`,
    );
    expect(await refusal('')).to.contain('line 1 has 0 bytes');
    expect(await refusal('with\ta tabulator')).to.contain('line 1 has a control character');
  });

  it('counts bytes, as SRT does', async () => {
    expect(await refusal('é'.repeat(40))).to.contain('line 1 has 80 bytes');
    expect(await read('é'.repeat(39))).to.deep.equal(['é'.repeat(39)]);
  });

  it('names a file that is not there, and one that is a folder', async () => {
    const missing = path.join(folder, 'missing');
    expect(String(await rejection(readPassphrases(missing)))).to.contain(
      `${missing} cannot be read (ENOENT)`,
    );
    expect(String(await rejection(readPassphrases(folder)))).to.contain(`${folder} is not a file`);
  });
});
