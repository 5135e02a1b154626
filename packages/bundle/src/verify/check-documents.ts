import { type Difference, firstDifference } from '@tracecore/artifact';
import type { Artifact, Json, JsonObject } from '@tracecore/spec';
import { documentsOf } from '../documents.js';
import { type BundleCheck, type BundleFinding, type BundleFindingCode, judged, skipped } from '../report.js';
import type { Parsed } from './contents.js';

const SHOWN_CHARS = 120;

/** The shared documents against the artifact, field by field. Fields that the artifact does not call for may be there. */
export function checkDocuments(artifact: Artifact | null, parsed: ReadonlyMap<string, Parsed>): BundleCheck[] {
  if (!artifact) {
    const reason = 'not made: there is no artifact to compare with';
    return [skipped('manifest', reason), skipped('tool_calls', reason), skipped('validator', reason)];
  }
  const { manifest, toolCalls, validator } = documentsOf(artifact);
  return [
    check('manifest', 'manifest.json', 'MANIFEST_MISMATCH', (value) => differingFields(manifest, value)),
    check('tool_calls', 'tool_calls.jsonl', 'TOOL_CALLS_MISMATCH', (value) => differingRows(toolCalls, value)),
    check('validator', 'validator.json', 'VALIDATOR_MISMATCH', (value) => differingFields(validator, value)),
  ];

  function check(
    name: 'manifest' | 'tool_calls' | 'validator',
    file: string,
    code: BundleFindingCode,
    compare: (value: Json) => Difference[],
  ): BundleCheck {
    const document = parsed.get(file);
    if (!document) return skipped(name, `not made: ${file} is missing or cannot be read`);
    const findings = compare(document.value).map((found) => ofDifference(file, code, found));
    return judged(name, findings, `${file} agrees with the artifact`);
  }
}

/** Each expected field that is missing or has another value; at most one difference a field. */
export function differingFields(expected: JsonObject, actual: Json, at = ''): Difference[] {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) {
    return [{ pointer: at, expected, actual }];
  }
  return Object.entries(expected).flatMap(([field, value]) => {
    const pointer = `${at}/${field}`;
    const found = Object.hasOwn(actual, field) ? actual[field] : undefined;
    if (found === undefined) return [{ pointer, expected: value, actual: undefined }];
    return firstDifference(value, found, pointer) ?? [];
  });
}

function differingRows(expected: JsonObject[], actual: Json): Difference[] {
  const rows = actual as Json[];
  const differences = expected.flatMap((row, index) => {
    const found = rows[index];
    const pointer = `line ${index + 1}`;
    return found === undefined ? [{ pointer, expected: row, actual: undefined }] : differingFields(row, found, pointer);
  });
  for (let index = expected.length; index < rows.length; index += 1) {
    differences.push({ pointer: `line ${index + 1}`, expected: undefined, actual: rows[index] });
  }
  return differences;
}

export function ofDifference(
  file: string,
  code: BundleFindingCode,
  { pointer, expected, actual }: Difference,
): BundleFinding {
  const message = `${file}: ${pointer || 'the document'} should be ${show(expected)} and is ${show(actual)}`;
  return { code, file, pointer, message };
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}...`;
}
