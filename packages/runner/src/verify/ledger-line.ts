import type { TrustedKey } from '@tracecore/bundle';
import { type LedgerReport, type OpenOptions, readCertified, verifyLedger } from '@tracecore/bundle/ledger';
import { fail, ok, skip, type VerifyCheck } from './check.js';

/** A ledger to look a bundle up in. */
export interface LedgerSource {
  dir: string;
  options: OpenOptions;
}

const CHECK = 'ledger';

/**
 * Whether the ledger has this bundle, with the digest and the signers that it has here, and proves it. A bundle that was
 * not published, or that the lines before this one fail, is no fault of the ledger.
 */
export async function ledgerLine(
  bundle: string | null,
  ledger: LedgerSource | null,
  trust: readonly TrustedKey[],
): Promise<VerifyCheck> {
  if (bundle === null) return skip(CHECK, 'there is no bundle to look for', 'NO_BUNDLE');
  if (ledger === null) return skip(CHECK, 'there is no ledger here', 'NO_LEDGER');
  try {
    const question = { kind: 'bundle', read: () => readCertified(bundle, trust) } as const;
    return lineOf((await verifyLedger(ledger.dir, question, ledger.options)).report);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === 'LEDGER_NOT_FOUND') return skip(CHECK, message, 'NO_LEDGER');
    if (typeof code !== 'string') throw error;
    return fail(CHECK, code, message);
  }
}

function lineOf({ checks, entry, origin, size }: LedgerReport): VerifyCheck {
  const wrong = checks.find(({ status }) => status === 'fail');
  if (wrong === undefined) {
    return ok(
      CHECK,
      'the bundle is in the ledger and leads to its root',
      `entry ${entry?.index} of ${size} in ${origin}`,
    );
  }
  const { check, code, message } = wrong;
  if (check === 'bundle') return skip(CHECK, `not made: ${message}`);
  if (code === 'LEDGER_ENTRY_NOT_FOUND') return skip(CHECK, 'this bundle was not published there', code);
  return fail(CHECK, code, `${check}: ${message}`);
}
