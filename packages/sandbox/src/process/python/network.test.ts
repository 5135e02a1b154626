import { describe, expect, test } from 'vitest';
import { isHostAllowed, parseAddress } from '../../world/network.js';
import { hasPython, taskFolder, withHost } from './testing/host-client.js';

/** Addresses that a reader of another language would take apart otherwise, and that the referee alone takes apart. */
const ADDRESSES = [
  'quota.test',
  ' Quota.test. ',
  'HTTPS://quota.test:443/x',
  'http://quota.test/?next=http://evil.test',
  'http://quota.test?a:81',
  'quota.test/?x=://evil.test',
  'quota.test#@evil.test',
  'http://quota.test@evil.test',
  'http://evil.test\\\\@quota.test',
  'eu.mirror.test:80',
  'mirror.test',
  'evil-mirror.test',
  '[::1]:80',
  '0x7f.1',
  '017700000001',
  'ftp://quota.test',
  'quota.test:8080',
  '',
];

describe.skipIf(!hasPython())('the network guard of a Python task (no python3 of 3.10 or newer: skipped)', () => {
  test.each(ADDRESSES)('says of %j what the referee says', (address) =>
    withHost('task', taskFolder('quota_service'), async (host) => {
      await host.initialize();
      await host.ask('setup', { seed: 1 });
      const wanted = parseAddress(address.trim());
      const allowed = wanted !== null && isHostAllowed(wanted.host, ['quota.test', '*.mirror.test']);
      const asked = await host.execute('ask_guard', { host: address });
      if (wanted === null) expect(asked.error?.message).toMatch(/^SandboxViolation: /);
      else expect(asked.result).toEqual({ ok: true, allowed, parts: [wanted.host, wanted.scheme, wanted.port] });
      // A refusal that the program alone knows of would not end the episode.
      expect(host.world.violation === null).toBe(wanted !== null);

      const checked = await host.execute('check_guard', { host: address });
      if (allowed) expect(checked.result).toEqual({ ok: true, host: wanted.host });
      else expect(checked.error?.message).toMatch(/^SandboxViolation: /);
      expect(host.world.violation === null).toBe(allowed);
    }),
  );
});
