import { ArtifactError, parseJson } from '@tracecore/artifact';
import type { Json } from '@tracecore/spec';
import { ARTIFACT_FILE, ATTESTATION_FILE, INTEGRITY_FILE, LEGACY_SIGNATURE_FILE } from '../layout.js';
import type { BundleBytes } from '../read-bundle.js';
import type { BundleFinding } from '../report.js';

/** A file of the bundle as the checks see it: text and value come from the very bytes that are hashed. */
export interface Parsed {
  text: string;
  /** One value, or one for each line of a file of lines. */
  value: Json;
}

/** What could be parsed, by file name; what could not is in `findings` and missing here. */
export interface Contents {
  parsed: ReadonlyMap<string, Parsed>;
  findings: BundleFinding[];
}

/** Parses every file once, strictly: UTF-8, no duplicate keys, nothing that two parsers read differently. */
export function parseContents({ files }: BundleBytes): Contents {
  const parsed = new Map<string, Parsed>();
  const findings: BundleFinding[] = [];
  for (const [name, bytes] of files) {
    const text = decode(bytes);
    if (text === null) {
      findings.push({ code: 'NOT_UTF8', file: name, message: `${name} should be UTF-8 text and is not` });
      continue;
    }
    try {
      parsed.set(name, { text, value: documentOf(name, text) });
    } catch (error) {
      if (error instanceof ArtifactError) {
        findings.push({ code: error.code, file: name, message: `${name}: ${error.message}` });
      } else if (error instanceof LineFault) {
        findings.push({ code: error.code, file: name, pointer: error.pointer, message: `${name}: ${error.message}` });
      } else throw error;
    }
  }
  return { parsed, findings };
}

/** The names whose text is JSON; `integrity.sha256` is not. */
const DOCUMENTS: ReadonlySet<string> = new Set([
  'manifest.json',
  'validator.json',
  ARTIFACT_FILE,
  ATTESTATION_FILE,
  LEGACY_SIGNATURE_FILE,
]);

function documentOf(name: string, text: string): Json {
  if (name === INTEGRITY_FILE) return null;
  return DOCUMENTS.has(name) ? parseJson(text) : rowsOf(text);
}

class LineFault extends Error {
  constructor(
    readonly code: BundleFinding['code'],
    readonly pointer: string,
    message: string,
  ) {
    super(message);
  }
}

function rowsOf(text: string): Json[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.pop() !== '') {
    throw new LineFault('LINE_INVALID', `line ${lines.length + 1}`, 'the last line should end with a line feed');
  }
  return lines.map((line, index) => {
    try {
      return parseJson(line);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      throw new LineFault(error.code, `line ${index + 1}`, `line ${index + 1}: ${error.message}`);
    }
  });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
