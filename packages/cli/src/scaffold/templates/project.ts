/** What the files of a project depend on. */
export interface ProjectFacts {
  /** The project's name, as npm takes it. */
  name: string;
  /** The name of its task. */
  task: string;
  /** Its agent, as a path from the project: `agents/find_parcel_agent.ts`. */
  agent: string;
  /** Version of this runtime. */
  version: string;
}

/** `tracecore.toml`. */
export function projectConfig({ task, agent }: ProjectFacts): string {
  return `# Read by every command of tracecore in this folder and below.
[defaults]
seed = 7
timeout = 60

[tasks]
roots = ["tasks"]

# The agent that solves a task, for the checks of tasks.
[solvers]
"${task}@1" = "${agent}"

# What --strict-spec takes at least: bare, permissions or contained. tracecore doctor says what this machine holds.
[isolation]
minimum = "permissions"
`;
}

export const GITIGNORE = `node_modules/
.agent_bench/
__pycache__/
`;

/** For the editor and for \`npm run types\`; runs do not read it. */
export const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2022"],
    "module": "nodenext",
    "types": [],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true,
    "allowJs": true,
    "checkJs": true,
    "noEmit": true
  },
  "include": ["agents", "tasks"]
}
`;

export function projectManifest({ name, task, agent, version }: ProjectFacts): string {
  const run = `tracecore run --agent ${agent} --task ${task}@1`;
  const value = {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      start: run,
      test: `${run} --strict-spec`,
      verify: 'tracecore verify --latest',
      types: 'tsc --noEmit',
    },
    dependencies: { '@tracecore/kit': `^${version}`, tracecore: `^${version}` },
    devDependencies: { typescript: '^6.0.0' },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function projectReadme({ name, task, agent }: ProjectFacts): string {
  return `# ${name}

Agents, and tasks to try them on, for TraceCore.

    npm install
    npm test            runs ${agent} on ${task}@1 under strict spec
    npm run verify      proves the verdict of that run again from its record
    npm run types       checks the types of agents and tasks

| path | what it is |
| --- | --- |
| \`agents/\` | one file for each agent; another: \`npx tracecore new-agent NAME\` |
| \`tasks/\` | one folder for each task; another: \`npx tracecore new-task NAME\` |
| \`tracecore.toml\` | defaults of the commands, and where tasks lie |
| \`.agent_bench/\` | runs, one JSON artifact each; not for the repository |
| \`.github/workflows/tracecore.yml\` | runs and verifies on every push |
`;
}

export function workflow({ task, agent }: ProjectFacts): string {
  return `name: tracecore

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  episode:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install
      - run: npm run types
      - run: npx tracecore run --agent ${agent} --task ${task}@1 --strict-spec
      - run: npx tracecore verify --latest
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: runs
          path: .agent_bench/runs
          include-hidden-files: true
          if-no-files-found: ignore
`;
}
