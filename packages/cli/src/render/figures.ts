import type { Estimate } from '@tracecore/stats';

/** `0.850 [0.640, 0.948]`: a figure never stands without its interval. */
export function shownEstimate({ estimate, low, high }: Estimate): string {
  return `${shownShare(estimate)} [${shownShare(low)}, ${shownShare(high)}]`;
}

/** A share or a difference of shares, to three places. */
export function shownShare(value: number): string {
  // What rounds to nothing has no sign.
  return (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3);
}

/** `95 %`. */
export function shownPercent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}

/** A p value, which is never nothing. */
export function shownP(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** `1 episode`, `2 episodes`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The beginning of a hash, as a reader would type it. */
export function shownHash(hash: string): string {
  return hash.startsWith('sha256:') ? hash.slice(0, 'sha256:'.length + 12) : hash;
}
