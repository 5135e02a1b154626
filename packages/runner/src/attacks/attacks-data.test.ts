import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isTerminationReason } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import {
  ATTACKS_FOLDER,
  CONFINED_BY,
  EXTENSIONS,
  HOSTS,
  type HostName,
  readAttacks,
  readPoints,
} from './testing/attack.js';

const attacks = readAttacks();
const cells = attacks.flatMap((attack) =>
  Object.entries(attack.hosts).map(([host, cell]) => ({ ...attack, host: host as HostName, cell })),
);

test('there are at least sixty attacks, each with a name of its own and a sentence', () => {
  expect(attacks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
  for (const { id, tries } of attacks) expect(tries, id).toMatch(/^[A-Z].+\.$/s);
});

test.each(Object.entries(readPoints()))('%s is covered: %s', (point) => {
  expect(attacks.filter(({ covers }) => covers.includes(point)).length).toBeGreaterThan(0);
});

test('an attack covers only what is a point', () => {
  const points = readPoints();
  const unknown = attacks.flatMap(({ id, covers }) =>
    covers.filter((point) => !(point in points)).map((point) => [id, point]),
  );
  expect(unknown).toEqual([]);
});

describe('each cell', () => {
  test('has a host, and an outcome that exists', () => {
    for (const { id, host, cell } of cells) {
      expect(HOSTS, id).toContain(host);
      const ends = cell.ends ?? [];
      expect(
        ends.filter((reason) => !isTerminationReason(reason) || reason === 'success'),
        id,
      ).toEqual([]);
      const stated = ends.length > 0 || cell.refused !== undefined || cell.open?.any !== undefined;
      expect(stated, `${id} on ${host} states no outcome`).toBe(true);
    }
  });

  test('is let through only where less than bubblewrap holds it, and never in an isolate', () => {
    for (const { id, host, cell } of cells) {
      for (const [confinement, reason] of Object.entries({ ...cell.open, ...cell.notRun })) {
        const names = host === 'inline' ? ['any'] : CONFINED_BY.filter((name) => name !== 'bubblewrap');
        expect(names, `${id} on ${host}`).toContain(confinement);
        expect(host, id).not.toBe('isolate');
        expect(reason.length, id).toBeGreaterThan(10);
      }
    }
  });

  test('has its files', () => {
    for (const { id, role, host, links, cell } of cells) {
      const place = join(ATTACKS_FOLDER, dirname(id), basename(id));
      if (role === 'agent') expect(existsSync(place + EXTENSIONS[host]), `${id} on ${host}`).toBe(true);
      else
        expect(existsSync(place) || links !== undefined || cell.refused !== undefined, `${id} on ${host}`).toBe(true);
    }
  });
});

test('every file belongs to an attack', () => {
  const strays = [...new Set(attacks.map(({ id }) => dirname(id)))].flatMap((group) =>
    readdirSync(join(ATTACKS_FOLDER, group))
      .filter((name) => name !== 'attacks.json')
      .filter(
        (name) =>
          !attacks.some(({ id, files = {} }) => id === `${group}/${stem(name)}` || Object.values(files).includes(name)),
      )
      .map((name) => `${group}/${name}`),
  );
  expect(strays).toEqual([]);
});

const stem = (name: string) => name.replace(/\.[a-z]+$/, '');
