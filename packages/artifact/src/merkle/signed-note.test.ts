import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Bytes } from '../node.js';
import { fromBase64, toBase64 } from './base64.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { formatNote, isKeyName, noteKeyId, parseNote } from './signed-note.js';

/** The note in the documentation of golang.org/x/mod/sumdb/note, where this form comes from, and its public key. */
const PUBLISHED =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const PUBLISHED_KEY = 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

describe('a signed note', () => {
  test('that was published is read and written as it is, under the published key id', () => {
    const note = parseNote(PUBLISHED);
    expect(note.signatures).toMatchObject([{ name: 'PeterNeumann', keyId: 'c74f20a3', signature: { length: 64 } }]);
    expect(formatNote(note)).toBe(PUBLISHED);
    const key = (fromBase64(PUBLISHED_KEY) as Uint8Array).subarray(1);
    expect(noteKeyId('PeterNeumann', key, sha256Bytes)).toBe('c74f20a3');
  });

  test('is read as it was written, empty lines and all', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    const signature = fc.record({
      name: fc.string({ minLength: 1 }).filter(isKeyName),
      keyId: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((id) => Buffer.from(id).toString('hex')),
      signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    fc.assert(
      fc.property(fc.array(line), fc.array(signature, { minLength: 1, maxLength: 20 }), (lines, signatures) => {
        const note = { text: `${lines.join('\n')}\n`, signatures };
        const read = parseNote(formatNote(note));
        expect(read.text).toBe(note.text);
        expect(read.signatures.map((one) => ({ ...one, signature: [...one.signature] }))).toEqual(
          signatures.map((one) => ({ ...one, signature: [...one.signature] })),
        );
      }),
    );
  });

  const line = '\u2014 a AAAAAAA=\n';
  test.each([
    ['nothing', ''],
    ['no empty line', `text\n${line}`],
    ['no signature', 'text\n\n'],
    ['a signature without its line feed', `text\n\n${line.trimEnd()}`],
    ['a hyphen for the dash', 'text\n\n- a AAAAAAA=\n'],
    ['no name', 'text\n\n\u2014  AAAAAAA=\n'],
    ['a name with a plus', 'text\n\n\u2014 a+b AAAAAAA=\n'],
    ['a name with a space that is no ASCII', 'text\n\n\u2014 a\u00a0b AAAAAAA=\n'],
    ['a signature of the key id alone', 'text\n\n\u2014 a AAAAAA==\n'],
    ['base64 in another spelling', 'text\n\n\u2014 a AAAAAAB=\n'],
    ['base64 without padding', 'text\n\n\u2014 a AAAAAAA\n'],
    ['a word more', 'text\n\n\u2014 a AAAAAAA= b\n'],
    ['a carriage return', `text\r\n\n${line}`],
    ['a tab', `te\txt\n\n${line}`],
    ['a zero', `te\0xt\n\n${line}`],
    ['65 signatures', `text\n\n${line.repeat(65)}`],
  ])('with %s is refused', (_, note) => {
    expect(() => parseNote(note)).toThrowError(expect.objectContaining({ code: 'NOTE_INVALID' }));
  });

  test('of any text is read or refused, and nothing else happens', () => {
    const piece = fc.oneof(fc.constantFrom('\n', '\n\n', '\u2014 ', 'a', ' ', 'AAAAAAA=', '+'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          expect(formatNote(parseNote(pieces.join('')))).toBe(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOTE_INVALID' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a checkpoint', () => {
  const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

  test('is the three lines of the example in tlog-checkpoint', () => {
    const text = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
    const read = parseCheckpoint(text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect([toBase64(read.root), formatCheckpoint(read)]).toEqual([ROOT, text]);
  });

  test.each([
    ['no origin', `\n1\n${ROOT}\n`],
    ['an origin with a space', `a b\n1\n${ROOT}\n`],
    ['two origins', `a\nb\n1\n${ROOT}\n`],
    ['a line more', `a\n1\n${ROOT}\nmore\n`],
    ['a line less', 'a\n1\n'],
    ['no line feed at the end', `a\n1\n${ROOT}`],
    ['a size with a zero before it', `a\n01\n${ROOT}\n`],
    ['a negative size', `a\n-1\n${ROOT}\n`],
    ['a size that a double cannot count', `a\n9007199254740992\n${ROOT}\n`],
    ['a size in another notation', `a\n1e3\n${ROOT}\n`],
    ['a short root', 'a\n1\nAAAA\n'],
    ['a root in no base64', `a\n1\n${ROOT.replace('=', '')}\n`],
  ])('with %s is refused', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrowError(expect.objectContaining({ code: 'CHECKPOINT_INVALID' }));
  });
});

test('base64 is read in its one spelling alone', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...(fromBase64(toBase64(bytes)) as Uint8Array)]).toEqual([...bytes]);
    }),
  );
  for (const text of ['AAB=', 'AA', 'AAA', ' AAAA', 'AAAA\n', 'AA==AA==', 'AA-_', '='])
    expect(fromBase64(text)).toBeNull();
});
