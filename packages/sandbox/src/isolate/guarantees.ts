import type { Guarantees } from '../host.js';

/** What a program in WebAssembly is held to; apart from the host, so that naming it loads no engine. */
export const ISOLATE_GUARANTEES: Guarantees = {
  secrecy: 'wasm',
  clock: 'enforced',
  network: 'blocked',
  hardKill: true,
  memoryCap: true,
  freshPerEpisode: true,
};
