import { CliError } from '../error.js';

/**
 * Reads a number such as 0.95; what range it must lie in, its user says.
 * @throws {CliError} USAGE
 */
export function parseShare(option: string, text: string): number {
  if (/^\d+(\.\d+)?$|^\.\d+$/.test(text)) return Number(text);
  throw new CliError('USAGE', `--${option} must be a number such as 0.95, got "${text}"`);
}
