/** One thing that was looked for. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found, or why there is nothing. */
  found: string;
  /** What to do about it; null where nothing is wrong or nothing can be done. */
  fix: string | null;
}

export const good = (name: string, found: string): Check => ({ name, ok: true, found, fix: null });

export const bad = (name: string, found: string, fix: string | null): Check => ({ name, ok: false, found, fix });
