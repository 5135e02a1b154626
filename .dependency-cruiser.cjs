// Which file may import which. Arrows point strictly downward; packages know each other only by their public entries.
const layers = {
  spec: 1,
  artifact: 2,
  kit: 2,
  stats: 2,
  sandbox: 2,
  tasks: 3,
  bundle: 3,
  runner: 4,
  store: 4,
  api: 5,
  cli: 5,
  queue: 5,
};
const neutral = ['spec', 'artifact', 'kit', 'stats'];
const names = Object.keys(layers);
const anyOf = (list) => `(?:${list.join('|')})`;
const test = '(?:[.]test[.]ts$|/testing/)';

/** One rule per package: what stands on its own layer or above is out of reach. */
const downward = names.map((name) => ({
  name: `downward-${name}`,
  comment: `${name} (L${layers[name]}) imports lower layers only`,
  severity: 'error',
  from: { path: `^packages/${name}/` },
  to: {
    path: `^(?:packages/${anyOf(names.filter((other) => other !== name && layers[other] >= layers[name]))}|apps|tasks|agents|bench|scripts)/`,
  },
}));

module.exports = {
  forbidden: [
    ...downward,
    {
      name: 'package-has-a-layer',
      comment: 'a new package gets its layer in .dependency-cruiser.cjs and its tag in turbo.json',
      severity: 'error',
      from: { path: `^packages/(?!${anyOf(names)}/)` },
      to: {},
    },
    {
      name: 'apps-stand-on-top',
      comment: 'nothing below imports an app, and apps do not import each other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-use-packages',
      comment: 'an app wires packages; tasks and agents reach it as files, not as imports',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(?:tasks|agents|bench|scripts)/' },
    },
    {
      name: 'no-deep-import',
      comment: 'another package is imported by its name or a subpath it declares',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: {
        path: '^(?:packages|apps)/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased'],
      },
    },
    {
      name: 'no-deep-import-from-root',
      comment: 'what stands outside packages imports them by name too, the benchmark and the checks by a built entry',
      severity: 'error',
      from: { path: '^(?:tasks|agents|bench|scripts|spec)/' },
      to: {
        path: '^(?:packages|apps)/',
        pathNot: '^packages/(?:[^/]+/dist/index|sandbox/dist/confine|bundle/dist/ledger|store/dist/run-index)[.]js$',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased'],
      },
    },
    {
      name: 'resolvable',
      comment: 'an import must resolve: to a file, a declared dependency, or a declared subpath of one (build first)',
      severity: 'error',
      from: { pathNot: '^agents/cheater_agent[.]ts$' },
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: "a dependency stands in the importing package's own package.json; test tools stand in the root's",
      severity: 'error',
      from: { path: '^(?:packages|apps)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '/node_modules/(?:vitest|fast-check)/' },
    },
    {
      name: 'shipped-code-needs-no-dev-dependency',
      comment: 'what src/ of a package loads at run time is a dependency; apps bundle theirs',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'neutral-has-no-node',
      comment:
        'spec, artifact, kit and stats run in a browser; of artifact, src/node.ts and the folder of that name touch Node',
      severity: 'error',
      from: { path: `^packages/${anyOf(neutral)}/src/`, pathNot: [test, '^packages/artifact/src/node(?:[.]ts$|/)'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'neutral-does-not-reach-node',
      comment: 'the neutral part of artifact does not load its Node part',
      severity: 'error',
      from: { path: '^packages/artifact/src/', pathNot: [test, '^packages/artifact/src/node(?:[.]ts$|/)'] },
      to: { path: '^packages/artifact/src/node(?:[.]ts$|/)' },
    },
    {
      name: 'agents-know-no-task',
      comment:
        'an agent sees a task through its observations only; cheater_agent.ts tries, and must be caught at run time',
      severity: 'error',
      from: { path: '^agents/', pathNot: [test, '^agents/cheater_agent[.]ts$'] },
      to: { path: '^tasks/' },
    },
    {
      name: 'tasks-stand-alone',
      comment: 'a task folder is hashed as a whole, so it imports nothing of another task or of an agent',
      severity: 'error',
      from: { path: '^tasks/([^/]+)/', pathNot: test },
      to: { path: '^(?:tasks|agents)/', pathNot: '^tasks/$1/' },
    },
    {
      name: 'authors-import-kit',
      comment: 'what enters an isolate is the author code and the kit',
      severity: 'error',
      from: { path: '^(?:tasks|agents)/', pathNot: [test, '^agents/cheater_agent[.]ts$'] },
      to: { pathNot: ['^(?:tasks|agents)/', '^packages/kit/', '(?:^|/)node_modules/@tracecore/kit/'] },
    },
    {
      name: 'no-cycle',
      comment: 'files form no cycle at run time',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: ['(?:^|/)node_modules/', '(?:^|/)dist/'] },
    exclude: {
      path: [
        '^spec/vectors/',
        '^packages/sandbox/attacks/',
        '^apps/tracecore/(?:tasks|agents)/',
        '/generated/',
        '(?:^|/)[.]turbo/',
      ],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
