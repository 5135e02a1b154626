// Starts the files that take minutes before all others, so that none of them is left to run alone at the end.
import { BaseSequencer } from 'vitest/node';

const LONG = [
  'packages/runner/src/attacks/attacks.test.ts',
  'packages/runner/src/languages.test.ts',
  'packages/runner/src/determinism/five-environments.test.ts',
  'packages/runner/src/conformance.test.ts',
  'packages/runner/src/create-runner.test.ts',
];

export default class LongFirstSequencer extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const place = ({ moduleId }) => {
      const found = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return found === -1 ? LONG.length : found;
    };
    return sorted.sort((left, right) => place(left) - place(right));
  }
}
