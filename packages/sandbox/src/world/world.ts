import type { IoAuditEntry, Json, JsonObject } from '@tracecore/spec';
import { isHostAllowed, parseAddress, parseHost } from './network.js';
import { isUnderRoots, normalizePath } from './paths.js';

/** What the manifest lets a task touch. */
export interface WorldRules {
  filesystemRoots: readonly string[];
  networkHosts: readonly string[];
}

/** Most a task may keep in files, outputs and seen paths together, in UTF-16 units. */
const MAX_WORLD_CHARS = 32 * 1024 * 1024;
/** What each of them counts beside its text: a million empty files are no small world. */
const ENTRY_CHARS = 64;
/** Most touches in one step, and most that the paths and hosts in them may hold. */
const MAX_AUDIT_ENTRIES = 10_000;
const MAX_AUDIT_CHARS = 32 * 1024 * 1024;

/**
 * The world of one episode: virtual files, outputs, seen paths and the io audit. It lives with the referee; a task
 * reaches it through `serve`, so what the audit says does not rest on the task's honesty.
 */
export class World {
  readonly #rules: WorldRules;
  readonly #files = new Map<string, string>();
  readonly #outputs = new Map<string, Json>();
  readonly #seen = new Set<string>();
  #chars = 0;
  #audit: IoAuditEntry[] = [];
  #auditChars = 0;
  #violation: string | null = null;

  constructor(rules: WorldRules) {
    this.#rules = rules;
  }

  /** The first thing that was refused, or null. Once set, the episode is over whatever the task does about it. */
  get violation(): string | null {
    return this.#violation;
  }

  /** Starts a new step: its audit is empty. */
  beginStep(): void {
    this.#audit = [];
    this.#auditChars = 0;
  }

  audit(): IoAuditEntry[] {
    return this.#audit;
  }

  visibleState(): { files_seen: string[] } {
    return { files_seen: [...this.#seen].sort(byCodePoint) };
  }

  /** Answers one call of the task. Throws `Error(code)` to refuse. */
  serve(method: string, params: JsonObject): Json {
    switch (method) {
      case 'world.list_dir':
        return this.#listDir(this.#path('list_dir', params));
      case 'world.read_file':
        return this.#readFile(this.#path('read_file', params));
      case 'world.exists':
        return this.#exists(this.#path('exists', params));
      case 'world.write_file':
        return this.#writeFile(this.#path('write_file', params), text(params, 'content'));
      case 'world.require_network':
        return this.#requireNetwork(text(params, 'host'));
      case 'world.mark_seen':
        return this.#markSeen(params);
      case 'world.set_output':
        return this.#setOutput(text(params, 'key'), params.value ?? null);
      case 'world.get_output': {
        const key = text(params, 'key');
        return this.#outputs.has(key) ? { value: this.#outputs.get(key) as Json } : {};
      }
      case 'world.visible_state':
        return this.visibleState();
      case 'world.inspect_host':
        return parseAddress(text(params, 'host')) as JsonObject | null;
      case 'world.is_host_allowed': {
        const host = parseHost(text(params, 'host'));
        return host !== null && isHostAllowed(host, this.#rules.networkHosts);
      }
      default:
        throw new Error(`unknown_call: ${method.slice(0, 64)}`);
    }
  }

  #listDir(path: string): Json {
    this.#record({ type: 'fs', op: 'list_dir', path });
    const prefix = path === '/' ? '/' : `${path}/`;
    const children = new Set<string>();
    for (const file of this.#files.keys()) {
      if (!file.startsWith(prefix) || file === prefix) continue;
      const end = file.indexOf('/', prefix.length);
      children.add(end === -1 ? file : file.slice(0, end));
    }
    return [...children].sort(byCodePoint);
  }

  #readFile(path: string): Json {
    this.#record({ type: 'fs', op: 'read_file', path });
    const content = this.#files.get(path);
    if (content === undefined) throw new Error('file_not_found');
    return content;
  }

  #exists(path: string): Json {
    this.#record({ type: 'fs', op: 'exists', path });
    if (this.#files.has(path)) return true;
    const prefix = path === '/' ? '/' : `${path}/`;
    for (const file of this.#files.keys()) if (file.startsWith(prefix)) return true;
    return false;
  }

  #writeFile(path: string, content: string): Json {
    const old = this.#files.get(path);
    const chars = this.#room(sizeOf(path, content), old === undefined ? 0 : sizeOf(path, old));
    this.#record({ type: 'fs', op: 'write_file', path });
    this.#files.set(path, content);
    this.#chars = chars;
    return null;
  }

  #requireNetwork(target: string): Json {
    const host = parseHost(target);
    if (host === null || !isHostAllowed(host, this.#rules.networkHosts)) {
      this.#refuse(`network host ${JSON.stringify(target.slice(0, 200))} is not among the manifest's network_hosts`);
    }
    this.#record({ type: 'net', op: 'require_network', host });
    return null;
  }

  #markSeen(params: JsonObject): Json {
    const { paths } = params;
    if (!Array.isArray(paths)) throw new Error('invalid_params: paths must be an array of strings');
    for (const given of paths) {
      const path = this.#path('mark_seen', { path: given });
      if (this.#seen.has(path)) continue;
      this.#chars = this.#room(sizeOf(path), 0);
      this.#seen.add(path);
    }
    return null;
  }

  #setOutput(key: string, value: Json): Json {
    const old = this.#outputs.get(key);
    const removed = old === undefined ? 0 : sizeOf(key, JSON.stringify(old));
    this.#chars = this.#room(sizeOf(key, JSON.stringify(value)), removed);
    this.#outputs.set(key, value);
    return null;
  }

  /** What the world holds after `added` units came and `removed` ones went. */
  #room(added: number, removed: number): number {
    const chars = this.#chars + added - removed;
    if (chars > MAX_WORLD_CHARS) throw new Error('world_full');
    return chars;
  }

  #path(op: string, params: JsonObject): string {
    const given = text(params, 'path');
    const path = normalizePath(given);
    if (path === null || !isUnderRoots(path, this.#rules.filesystemRoots)) {
      const roots = this.#rules.filesystemRoots.join(', ') || 'none';
      this.#refuse(`${op} of ${JSON.stringify(given.slice(0, 200))} is outside the filesystem roots (${roots})`);
    }
    return path;
  }

  #record(entry: IoAuditEntry): void {
    const chars = this.#auditChars + (entry.path ?? entry.host ?? '').length;
    if (this.#audit.length >= MAX_AUDIT_ENTRIES || chars > MAX_AUDIT_CHARS) throw new Error('audit_full');
    this.#audit.push(entry);
    this.#auditChars = chars;
  }

  #refuse(reason: string): never {
    this.#violation ??= reason;
    throw new Error(`sandbox_violation: ${reason}`);
  }
}

function text(params: JsonObject, name: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  throw new Error(`invalid_params: ${name} must be a string`);
}

const sizeOf = (...texts: string[]) => texts.reduce((sum, { length }) => sum + length, ENTRY_CHARS);

/** Orders text by code point; JavaScript's own order puts what lies beyond U+FFFF before U+E000. */
function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
