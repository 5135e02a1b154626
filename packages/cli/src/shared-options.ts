import type { OptionSpec } from './command.js';

/** `--root`, as help tells it. @param what it is for, such as `keep runs in`. */
export function rootOption(what: string): OptionSpec {
  return { flag: '--root <dir>', about: `${what} DIR/.agent_bench instead of the workspace` };
}
