import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { tracecore, withFolder } from './testing/tracecore.js';

const example = (name: string) => readFileSync(new URL(`../../../examples/scaling/${name}`, import.meta.url), 'utf8');
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Every option of a worker that an example gives must be one that there is. */
async function expectOptions(argv: readonly string[]): Promise<void> {
  await withFolder(async (cwd) => {
    const help = tracecore(['worker', '--help'], { cwd }).stdout;
    expect(argv[0]).toBe('worker');
    for (const option of argv.filter((word) => word.startsWith('--'))) expect(help).toContain(`${option} `);
  });
}

test('the compose file has a queue that loses nothing, and workers that take its password from outside', async () => {
  const { services, volumes } = parse(example('compose.yaml'));
  const given = services.queue.command.join(' ');
  expect(given).toContain('--appendonly yes');
  expect(given).toContain('--maxmemory-policy noeviction');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how compose writes a variable.
  expect(services.worker.environment.TRACECORE_QUEUE_PASSWORD).toBe('${QUEUE_PASSWORD:?set QUEUE_PASSWORD}');
  expect(services.queue.volumes.map((volume: string) => volume.split(':')[0])).toEqual(Object.keys(volumes));
  await expectOptions(services.worker.command);
});

test('the Kubernetes manifest runs the version that is here, as nobody in particular', async () => {
  const { spec } = parse(example('kubernetes.yaml')).spec.template;
  const [worker] = spec.containers;
  expect(spec.securityContext.runAsNonRoot).toBe(true);
  expect(worker.image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
  expect(worker.env.map(({ name }: { name: string }) => name)).toContain('TRACECORE_QUEUE_PASSWORD');
  await expectOptions(worker.args);
  expect(example('Dockerfile')).toContain(`ARG TRACECORE_VERSION=${version}\n`);
});
