// Twenty-step episodes of agents in processes of their own, against what this machine does when it merely starts the
// interpreter and exchanges the same lines. Prints one line of JSON; both sides take turns in the same run.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRunner } from '../packages/runner/dist/index.js';
import { median } from './measure.mjs';
import { linesOf, play, pythonTwin, runtime, scratch, twentySteps } from './stage.mjs';

const WARM_UP = 4;
const BATCHES = 7;
const BATCH = 10;
/** The least a program can do: read a line, write the next of its answers. */
const BARE = {
  node: readFileSync(new URL('bare.cjs', import.meta.url), 'utf8'),
  python: `import json, sys
for answer in json.load(open("answers.json")):
    sys.stdin.readline()
    sys.stdout.write(answer + "\\n")
    sys.stdout.flush()
`,
};
const SEED = 1;

const runner = createRunner({ workers: 1, runtime });

try {
  const agent = await twentySteps({ isolation: 'process' });
  const model = await play(runner, agent, SEED);
  const lines = linesOf(model);
  writeFileSync(join(scratch, 'answers.json'), JSON.stringify(lines.answers));
  const results = { node: await compare(agent, process.execPath, 'bare.cjs', BARE.node) };
  const python = await pythonTwin(model);
  if (python) results.python = await compare(python, python.command.argv[0], 'bare.py', BARE.python);
  console.log(JSON.stringify(results));

  async function compare(loaded, program, file, script) {
    writeFileSync(join(scratch, file), script);
    const episode = () => play(runner, loaded, SEED);
    const bare = () => exchange(program, file, lines.requests);
    for (const run of [episode, bare]) await rateOf(run, WARM_UP);
    const rates = { episodes: [], bare: [] };
    for (let batch = 0; batch < BATCHES; batch += 1) {
      rates.episodes.push(await rateOf(episode, BATCH));
      rates.bare.push(await rateOf(bare, BATCH));
    }
    const [episodes, floor] = [median(rates.episodes), median(rates.bare)];
    return { per_second: episodes, bare_per_second: floor, share: episodes / floor };
  }
} finally {
  await runner.close();
}

async function rateOf(run, count) {
  const start = performance.now();
  for (let done = 0; done < count; done += 1) await run();
  return count / ((performance.now() - start) / 1000);
}

/** Starts a program, hands it each line once the one before is answered, and waits until it is gone. */
function exchange(program, file, requests) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [file], { cwd: scratch, env: {}, stdio: ['pipe', 'pipe', 'inherit'] });
    let sent = 0;
    const next = () => sent < requests.length && child.stdin.write(`${requests[sent++]}\n`);
    createInterface({ input: child.stdout }).on('line', next);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${file} exited with ${code}`))));
    next();
  });
}
