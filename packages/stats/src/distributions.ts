import { betaQuantile, incompleteBeta, logGamma } from './beta.js';

// Wichura's rational approximations (AS 241, 1988), highest power first; each pair is a numerator and a denominator.
const CENTRE: Ratio = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
];
const TAIL: Ratio = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
];
const FAR_TAIL: Ratio = [
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
];

type Ratio = readonly [numerator: readonly number[], denominator: readonly number[]];

/** The z that a standard normal value stays below with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5);
  return q < 0 ? -size : size;
}

/** The same of Student's t with `df` degrees of freedom, for p > 0.5. */
export function studentQuantile(p: number, df: number): number {
  const x = betaQuantile(2 * (1 - p), df / 2, 0.5);
  return Math.sqrt((df * (1 - x)) / x);
}

/** The z that `confidence` of a normal distribution lie within, to both sides. */
export function twoSidedZ(confidence: number): number {
  return -normalQuantile((1 - confidence) / 2);
}

/**
 * P(X >= successes) for X ~ Binomial(n, p). Counts need not be whole: in between, the tail goes on smoothly, which is how
 * an observed rate is carried on to another n.
 */
export function upperTail(successes: number, n: number, p: number): number {
  if (successes <= 0) return 1;
  return successes >= n + 1 ? 0 : incompleteBeta(p, successes, n - successes + 1);
}

/** P(X <= successes) for X ~ Binomial(n, p), as `upperTail`. */
export function lowerTail(successes: number, n: number, p: number): number {
  if (successes >= n) return 1;
  return successes <= -1 ? 0 : incompleteBeta(1 - p, n - successes, successes + 1);
}

/** P(X = k) for X ~ Binomial(n, 1/2). */
export function halfProbability(k: number, n: number): number {
  return Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
}

function ratio([numerator, denominator]: Ratio, at: number): number {
  return polynomial(numerator, at) / polynomial(denominator, at);
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}
