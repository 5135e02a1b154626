import type { Bundle } from '@tracecore/sandbox';
import { isCommonJs } from '@tracecore/sandbox/bundle';
import type { Confines } from '@tracecore/sandbox/confine';
import type { ProcessCommand } from '@tracecore/sandbox/process';

/** The command that runs a bundle made for Node in a process of its own. */
export function nodeCommand(
  bundle: Bundle,
  hostFile: string,
  { env, confines }: { env: Readonly<Record<string, string>>; confines: Confines },
): ProcessCommand {
  const { name, code, map, sourceRoot } = bundle;
  const file = isCommonJs(code) ? 'program.cjs' : 'program.mjs';
  return {
    name,
    argv: [process.execPath, hostFile, file],
    env: { ...env },
    files: { [file]: code },
    engine: { name: 'node', version: process.versions.node, digest: null },
    clock: 'cooperative',
    startsOnItsOwn: false,
    confines,
    map: { text: map, sourceRoot },
  };
}
