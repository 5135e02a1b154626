import { BundleError, type BundleErrorCode } from '../error.js';

export type LedgerCheckName =
  | 'checkpoint'
  | 'signature'
  | 'tiles'
  | 'history'
  | 'entries'
  | 'registry'
  | 'bundle'
  | 'entry'
  | 'proof'
  | 'inclusion'
  | 'consistency';

/** One line of `ledger verify`. */
export interface LedgerCheck {
  check: LedgerCheckName;
  status: 'ok' | 'fail' | 'skip';
  code: 'OK' | 'SKIPPED' | BundleErrorCode;
  message: string;
}

export interface LedgerReport {
  ok: boolean;
  /** Null when the checkpoint could not be read. */
  origin: string | null;
  size: number | null;
  /** The id of the trusted key that signed the checkpoint. */
  signed_by: string | null;
  /** The entry that was looked for. */
  entry: { index: number; leaf_hash: string } | null;
  checks: LedgerCheck[];
}

/** Checks that are made one after the other; a failed one is a line and does not end the rest. */
export class LedgerChecks {
  readonly lines: LedgerCheck[] = [];

  /** Makes a check that gives a value, and the sentence for it; null when it failed. */
  async make<T>(check: LedgerCheckName, passed: string, body: () => Promise<T>): Promise<T | null> {
    try {
      const value = await body();
      this.lines.push({ check, status: 'ok', code: 'OK', message: passed });
      return value;
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      this.lines.push({ check, status: 'fail', code: error.code, message: error.message });
      return null;
    }
  }

  skip(check: LedgerCheckName, message: string): void {
    this.lines.push({ check, status: 'skip', code: 'SKIPPED', message });
  }

  report(fields: Omit<LedgerReport, 'ok' | 'checks'>): LedgerReport {
    return { ok: this.lines.every(({ status }) => status !== 'fail'), ...fields, checks: this.lines };
  }
}
