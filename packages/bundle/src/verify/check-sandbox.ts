import { isJsonObject, type Json } from '@tracecore/spec';
import { type BundleCheck, type BundleFinding, judged, skipped } from '../report.js';
import type { Parsed } from './contents.js';

const ROWS = 'tool_calls.jsonl';

/** The sandbox that the manifest declares, and that every audited touch lies in it. The Python runtime checks the same. */
export function checkSandbox(parsed: ReadonlyMap<string, Parsed>): BundleCheck {
  const manifest = parsed.get('manifest.json')?.value;
  const rows = parsed.get(ROWS)?.value as Json[] | undefined;
  if (manifest === undefined || !rows) {
    return skipped('sandbox', 'not made: manifest.json or tool_calls.jsonl is missing or cannot be read');
  }
  const sandbox = isJsonObject(manifest) && isJsonObject(manifest.sandbox) ? manifest.sandbox : {};
  const { filesystem_roots: roots, network_hosts: hosts } = sandbox;
  if (!isTexts(roots) || !isTexts(hosts)) {
    const message = 'manifest.json: /sandbox should have the lists filesystem_roots and network_hosts';
    return judged('sandbox', [{ code: 'SANDBOX_UNDECLARED', file: 'manifest.json', pointer: '/sandbox', message }], '');
  }
  const findings = rows.flatMap((row, index) => auditFindings(row, `line ${index + 1}/io_audit`, roots, hosts));
  return judged('sandbox', findings, 'every audited touch lies in the declared sandbox');
}

function auditFindings(row: Json, at: string, roots: string[], hosts: string[]): BundleFinding[] {
  const audit = isJsonObject(row) ? row.io_audit : undefined;
  if (!Array.isArray(audit)) {
    return [{ code: 'AUDIT_INVALID', file: ROWS, pointer: at, message: `${ROWS}: ${at} should be a list` }];
  }
  return audit.flatMap((touch, index) => {
    const pointer = `${at}/${index}`;
    const finding = (code: BundleFinding['code'], message: string) => [{ code, file: ROWS, pointer, message }];
    const { type, path, host } = isJsonObject(touch) ? touch : {};
    if (type === 'custom') return [];
    if (type === 'fs' && typeof path === 'string') {
      if (isUnder(path, roots)) return [];
      return finding(
        'AUDIT_OUTSIDE_SANDBOX',
        `${ROWS}: ${pointer} touches ${path}, outside ${roots.join(', ') || 'none'}`,
      );
    }
    if (type === 'net' && typeof host === 'string') {
      if (isAllowed(host, hosts)) return [];
      return finding(
        'AUDIT_OUTSIDE_SANDBOX',
        `${ROWS}: ${pointer} touches ${host}, not one of ${hosts.join(', ') || 'none'}`,
      );
    }
    return finding('AUDIT_INVALID', `${ROWS}: ${pointer} should be an fs touch with a path or a net touch with a host`);
  });
}

/** Paths in an audit are normalised; one that climbs is under no root whatever it begins with. */
function isUnder(path: string, roots: readonly string[]): boolean {
  if (path.split('/').includes('..')) return false;
  return roots.some((root) => root === '/' || path === root || path.startsWith(`${root}/`));
}

function isAllowed(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase();
  return hosts.some((entry) => {
    const allowed = entry.toLowerCase();
    return allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : name === allowed;
  });
}

function isTexts(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
