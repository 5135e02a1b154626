import { COVERED_FILES, INTEGRITY_FILE } from './layout.js';
import type { BundleFinding } from './report.js';

const LINE = /^([0-9a-f]{64}) {2}(.+)$/;
const SHOWN_CHARS = 100;

/** `integrity.sha256` for the bytes given: one line a file, as `sha256sum -c` reads it. */
export function formatIntegrity(digests: ReadonlyMap<string, string>): string {
  return COVERED_FILES.map((name) => `${digests.get(name)}  ${name}\n`).join('');
}

/**
 * Reads the lines of `integrity.sha256` against the fixed list of files. A name is compared and never used as a path.
 * @returns the digest by file, and a finding for each line that is malformed, is about another file, comes twice or
 * is missing. Of a file named twice the first line counts.
 */
export function parseIntegrity(
  text: string,
  covered: readonly string[],
): { digests: Map<string, string>; findings: BundleFinding[] } {
  const digests = new Map<string, string>();
  const findings: BundleFinding[] = [];
  const report = (code: BundleFinding['code'], message: string) =>
    findings.push({ code, file: INTEGRITY_FILE, message });

  const lines = text.split('\n');
  if (text !== '' && lines.pop() !== '') report('INTEGRITY_LINE_INVALID', 'the last line should end with a line feed');
  for (const [index, line] of text === '' ? [] : lines.entries()) {
    const [, digest, name] = LINE.exec(line) ?? [];
    const where = `line ${index + 1}`;
    if (digest === undefined || name === undefined) {
      report('INTEGRITY_LINE_INVALID', `${where} should be 64 hex digits, two spaces and a name, and is ${show(line)}`);
    } else if (!covered.includes(name)) {
      report('INTEGRITY_LINE_EXTRA', `${where} names ${show(name)}; only ${covered.join(', ')} belong here`);
    } else if (digests.has(name)) {
      report('INTEGRITY_LINE_DUPLICATE', `${where} names ${name} again`);
    } else {
      digests.set(name, digest);
    }
  }
  for (const name of covered) {
    if (!digests.has(name)) report('INTEGRITY_LINE_MISSING', `there should be a line for ${name}`);
  }
  return { digests, findings };
}

function show(text: string): string {
  return JSON.stringify(text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}...`);
}
