import { describe, expect, test } from 'vitest';
import {
  HELD_THINGS,
  type Holdings,
  holdingsOf,
  levelOf,
  MECHANISMS,
  type Surroundings,
  weakerOf,
} from './holdings.js';

const AROUND: Surroundings = { clock: 'cooperative', processes: false, memory: 'group', processCount: 'filter' };
const things = (holdings: Holdings, hold: string) => HELD_THINGS.filter((thing) => holdings[thing] === hold);

describe('what a mechanism holds', () => {
  test('is everything in WebAssembly, and nothing in the referee itself', () => {
    for (const mechanism of MECHANISMS.filter((name) => name.startsWith('wasm-'))) {
      expect(things(holdingsOf(mechanism, AROUND), 'held')).toEqual([...HELD_THINGS]);
    }
    expect(things(holdingsOf('none', AROUND), 'open')).toEqual([...HELD_THINGS]);
  });

  test('is in bubblewrap all but the clock and chance', () => {
    const holdings = holdingsOf('process-bubblewrap', AROUND);
    expect(things(holdings, 'cooperative')).toEqual(['clock', 'randomness']);
    expect(things(holdings, 'open')).toEqual([]);
  });

  test('is no more than what surrounds the program', () => {
    const held = (around: Partial<Surroundings>) => {
      const { memory, processes, clock } = holdingsOf('process-bubblewrap', { ...AROUND, ...around });
      return { memory, processes, clock };
    };
    expect(held({ memory: 'limits' })).toMatchObject({ memory: 'cooperative' });
    expect(held({ memory: 'nothing' })).toMatchObject({ memory: 'open' });
    expect(held({ processes: true })).toMatchObject({ processes: 'open' });
    expect(held({ processes: true, processCount: 'group' })).toMatchObject({ processes: 'held' });
    expect(held({ processCount: 'nothing' })).toMatchObject({ processes: 'open' });
    expect(held({ clock: 'none' })).toMatchObject({ clock: 'open' });
  });

  test('is weak under the permissions of Node, and weaker bare', () => {
    const permissions = holdingsOf('process-node-permissions', AROUND);
    expect(things(permissions, 'held')).toEqual(['output']);
    expect(things(permissions, 'open')).toEqual(['network', 'signals', 'disk']);
    expect(things(holdingsOf('process-bare', AROUND), 'cooperative')).toEqual(['clock', 'randomness', 'memory']);
    const memory = holdingsOf('process-bare', { ...AROUND, memory: 'nothing' }).memory;
    expect(memory).toBe('open');
  });
});

test('the level of a mechanism, and the weaker of two', () => {
  expect(MECHANISMS.map(levelOf)).toEqual('contained contained contained contained permissions bare none'.split(' '));
  expect(weakerOf('wasm-in-bubblewrap', 'process-bare')).toBe('process-bare');
  expect(weakerOf('process-bare', 'wasm-in-bubblewrap')).toBe('process-bare');
  expect(weakerOf('process-bubblewrap', 'wasm-in-bare-worker')).toBe('process-bubblewrap');
});
