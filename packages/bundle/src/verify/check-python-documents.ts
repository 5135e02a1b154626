import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { isRunId } from '../layout.js';
import { type BundleCheck, type BundleFinding, judged, skipped } from '../report.js';
import { differingFields, ofDifference } from './check-documents.js';
import type { Parsed } from './contents.js';

const OUTCOME = ['success', 'termination_reason', 'failure_type', 'failure_reason'] as const;

/** The documents of a bundle without an artifact against each other: all that such a bundle allows. */
export function checkPythonDocuments(parsed: ReadonlyMap<string, Parsed>): BundleCheck[] {
  const manifest = parsed.get('manifest.json')?.value;
  const rows = parsed.get('tool_calls.jsonl')?.value as Json[] | undefined;
  const validator = parsed.get('validator.json')?.value;
  const reason = 'not made: a file is missing or cannot be read';
  return [
    isJsonObject(manifest) && rows
      ? judged('manifest', manifestFindings(manifest, rows), 'manifest.json agrees with the tool calls')
      : manifest === undefined || !rows
        ? skipped('manifest', reason)
        : judged('manifest', [notAnObject('manifest.json', 'MANIFEST_MISMATCH')], ''),
    rows
      ? judged('tool_calls', rows.flatMap(rowFindings), 'the steps are numbered without a gap')
      : skipped('tool_calls', reason),
    isJsonObject(manifest) && validator !== undefined
      ? judged('validator', validatorFindings(manifest, validator), 'validator.json agrees with the manifest')
      : skipped('validator', reason),
  ];
}

function manifestFindings(manifest: JsonObject, rows: Json[]): BundleFinding[] {
  const file = 'manifest.json';
  const findings = differingFields({ trace_entry_count: rows.length }, manifest).map((difference) =>
    ofDifference(file, 'MANIFEST_MISMATCH', difference),
  );
  if (typeof manifest.run_id !== 'string' || !isRunId(manifest.run_id)) {
    const message = `${file}: /run_id should be a run id and is ${JSON.stringify(manifest.run_id ?? null)}`;
    findings.push({ code: 'MANIFEST_MISMATCH', file, pointer: '/run_id', message });
  }
  return findings;
}

function rowFindings(row: Json, index: number): BundleFinding[] {
  return differingFields({ step: index + 1 }, row, `line ${index + 1}`).map((difference) =>
    ofDifference('tool_calls.jsonl', 'TOOL_CALLS_MISMATCH', difference),
  );
}

function validatorFindings(manifest: JsonObject, validator: Json): BundleFinding[] {
  const outcome = Object.fromEntries(OUTCOME.map((field) => [field, manifest[field] ?? null]));
  return differingFields(outcome, validator).map((difference) =>
    ofDifference('validator.json', 'VALIDATOR_MISMATCH', difference),
  );
}

function notAnObject(file: string, code: 'MANIFEST_MISMATCH'): BundleFinding {
  return { code, file, pointer: '', message: `${file}: the document should be an object` };
}
