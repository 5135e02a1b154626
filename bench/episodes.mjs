// Twenty-step episodes, one after the other, in one worker. Prints one line of JSON.
import { createRunner } from '../packages/runner/dist/index.js';
import { median } from './measure.mjs';
import { play, runtime, twentySteps } from './stage.mjs';

const WARM_UP = 40;
const BATCHES = 7;
const BATCH = 100;

const agent = await twentySteps();
const runner = createRunner({ workers: 1, runtime });

try {
  let seed = 0;
  const rateOf = async (count) => {
    const start = performance.now();
    for (let played = 0; played < count; played += 1) {
      seed += 1;
      await play(runner, agent, seed);
    }
    return count / ((performance.now() - start) / 1000);
  };
  await rateOf(WARM_UP);
  const rates = [];
  for (let batch = 0; batch < BATCHES; batch += 1) rates.push(await rateOf(BATCH));
  console.log(JSON.stringify({ per_second: median(rates), rates, batch: BATCH }));
} finally {
  await runner.close();
}
