import type { CommandSpec } from './command.js';
import { rootOption } from './shared-options.js';

const ROOT_OPTION = rootOption('take runs and bundles from');

/** The commands that make, sign and check bundles, and those for keys. */
export const EVIDENCE_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'bundle seal',
    args: '',
    summary: 'Seal a run into a bundle that can be checked anywhere',
    options: [
      { flag: '--run <id>', about: 'the run with this id' },
      { flag: '--latest', about: 'the latest run (the default)' },
      { flag: '--sign', about: 'sign the bundle; needs --key' },
      { flag: '--key <file>', about: 'the private key to sign with' },
      {
        flag: '--redact <pointer>',
        about: 'replace the values at this JSON pointer by commitments; * is every member; may be repeated',
        repeatable: true,
      },
      { flag: '--redact-everywhere', about: 'redact every other place too where a redacted text stands' },
      { flag: '--salts <file>', about: 'the new file, open to you alone, that can prove redacted values later' },
      { flag: '--format <kind>', about: 'text (default) or json' },
      ROOT_OPTION,
    ],
    examples: [
      'tracecore bundle seal',
      'tracecore bundle seal --run RUN_ID --sign --key ~/lab.key',
      "tracecore bundle seal --redact '/action_trace/*/result/content' --salts ~/run.salts.json",
    ],
    exitCodes: [
      '0  sealed, or the same bundle was there already; the episode itself may have failed',
      '1  the run does not hold, or the bundle cannot be written; nothing is left behind',
      '2  the command was wrong, there is no such run, the key cannot be used, another bundle of this run is there, or what should be redacted has to stay or stands elsewhere too',
    ],
    run: async (deps, input) => (await import('./commands/bundle-seal.js')).bundleSeal(deps, input),
  },
  {
    words: 'bundle verify',
    args: '[bundle]',
    summary: 'Check a bundle, by its folder or the id of its run: files, digests, artifact and signature',
    options: [
      { flag: '--key <file>', about: 'trust this public key too; may be repeated', repeatable: true },
      { flag: '--trust <dir>', about: 'the folder of trusted public keys (default: trust in the workspace)' },
      { flag: '--require-signature', about: 'fail a bundle that nobody signed' },
      { flag: '--disclosure <file>', about: 'prove redacted values with what bundle disclose wrote' },
      { flag: '--json', about: 'print the report as JSON' },
      ROOT_OPTION,
    ],
    examples: [
      'tracecore bundle verify',
      'tracecore bundle verify ./received --key lab.key.pub --require-signature',
      'tracecore bundle verify RUN_ID --json',
      'tracecore bundle verify ./received --disclosure step-1.json',
    ],
    exitCodes: [
      '0  every check passed',
      '1  a check failed; a signature by a key that is not trusted is a failed check',
      '2  the command was wrong, there is no such bundle, or a key cannot be read',
    ],
    run: async (deps, input) => (await import('./commands/bundle-verify.js')).bundleVerify(deps, input),
  },
  {
    words: 'bundle disclose',
    args: '',
    summary: 'Write what proves some redacted values of a bundle, to hand on',
    options: [
      { flag: '--salts <file>', about: 'what bundle seal --salts wrote' },
      {
        flag: '--path <pointer>',
        about: 'the JSON pointer of a redacted value, or of what holds several; may be repeated',
        repeatable: true,
      },
      { flag: '--out <file>', about: 'a new file for it (default: print it)' },
    ],
    examples: ['tracecore bundle disclose --salts ~/run.salts.json --path /action_trace/0 --out step-1.json'],
    exitCodes: [
      '0  written',
      '1  the file cannot be written',
      '2  the command was wrong, the salts cannot be read or do not open that place, or the file is there already',
    ],
    run: async (deps, input) => (await import('./commands/bundle-disclose.js')).bundleDisclose(deps, input),
  },
  {
    words: 'bundle status',
    args: '',
    summary: 'List the bundles of the workspace, newest first, each with its state',
    options: [
      { flag: '--limit <n>', about: 'look at the newest n only (default: all)' },
      { flag: '--json', about: 'print the list as JSON' },
      ROOT_OPTION,
    ],
    examples: ['tracecore bundle status', 'tracecore bundle status --limit 10 --json'],
    exitCodes: [
      '0  every bundle that was looked at is complete, or there is none',
      '1  one is damaged',
      '2  the command was wrong, or the folder cannot be read',
    ],
    run: async (deps, input) => (await import('./commands/bundle-status.js')).bundleStatus(deps, input),
  },
  {
    words: 'bundle sign',
    args: '[bundle]',
    summary: 'Add a signature to a bundle, by its folder or the id of its run',
    options: [{ flag: '--key <file>', about: 'the private key to sign with' }, ROOT_OPTION],
    examples: ['tracecore bundle sign RUN_ID --key ~/lab.key', 'tracecore bundle sign ./received --key ~/lab.key'],
    exitCodes: [
      '0  signed, or this key had signed it already',
      '1  the bundle does not verify, another signing is under way, or it cannot be written',
      '2  the command was wrong, there is no such bundle, or the key cannot be used',
    ],
    run: async (deps, input) => (await import('./commands/bundle-sign.js')).bundleSign(deps, input),
  },
  {
    words: 'keys generate',
    args: '',
    summary: 'Make an Ed25519 key pair to sign with: FILE, open to you alone, and FILE.pub',
    options: [
      { flag: '--out <file>', about: 'where the private key goes; the public one goes to FILE.pub' },
      { flag: '--force', about: 'replace a key that is there already; it is lost' },
    ],
    examples: ['tracecore keys generate --out ~/lab.key'],
    exitCodes: ['0  written', '1  the files cannot be written', '2  the command was wrong, or a file is there already'],
    run: async (deps, input) => (await import('./commands/keys-generate.js')).keysGenerate(deps, input),
  },
  {
    words: 'keys show',
    args: '[file]',
    summary: 'Show the id and the public half of a key, private or public',
    options: [],
    examples: ['tracecore keys show ~/lab.key', 'tracecore keys show trust/lab.pub'],
    exitCodes: ['0  shown', '2  the command was wrong, or the file is no key that can be used'],
    run: async (deps, input) => (await import('./commands/keys-show.js')).keysShow(deps, input),
  },
];
