import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { examine } from '../doctor/examine.js';
import { thisSystem } from '../doctor/system.js';
import { EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderDoctor } from '../render/doctor.js';
import { findWorkspace, isThere } from '../workspace.js';

/** `doctor`: what this machine can hold, what to install, and whether the workspace's minimum is met. */
export async function doctor(deps: Deps, input: CommandInput): Promise<number> {
  const { config } = await findWorkspace(deps.io, undefined);
  const [facts, { findPython }] = await Promise.all([deps.load.confine(), deps.load.runner()]);
  const report = await examine({
    machine: await facts.probeMachine(),
    system: thisSystem(),
    isolation: config.isolation,
    facts,
    findPython,
    isThere,
  });
  deps.io.stdout(input.has('json') ? `${JSON.stringify(report, null, 2)}\n` : renderDoctor(report, colorsFor(deps.io)));
  return report.minimum.met ? EXIT.ok : EXIT.failed;
}
