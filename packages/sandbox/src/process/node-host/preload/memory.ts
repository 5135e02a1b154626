/** Names that not every Node has, or that tell of the machine; programs do without them on each. */
const HIDDEN = ['navigator', 'Temporal', 'localStorage', 'sessionStorage', 'gc'];

/** Hides when memory is collected and what it held before: references stay strong, new buffers are empty. */
export function replaceMemory(): void {
  for (const [name, value] of Object.entries({ WeakRef: StrongRef, FinalizationRegistry: SilentRegistry })) {
    Object.defineProperty(value, 'name', { value: name, configurable: true });
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
  }
  for (const name of HIDDEN) delete (globalThis as Record<string, unknown>)[name];
  const empty = (size: number) => Buffer.alloc(size);
  Object.assign(Buffer, { allocUnsafe: empty, allocUnsafeSlow: empty });
}

/** Never loses its target, so that no program sees when another would have. */
class StrongRef<T extends WeakKey> {
  readonly #target: T;
  constructor(target: T) {
    requireKey('WeakRef: target', target);
    this.#target = target;
  }
  deref(): T {
    return this.#target;
  }
  get [Symbol.toStringTag]() {
    return 'WeakRef';
  }
}

/** Never tells of anything: its callbacks may come late, or not at all. */
class SilentRegistry {
  readonly #tokens = new WeakSet<WeakKey>();
  constructor(cleanup: unknown) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: cleanup must be callable');
  }
  register(target: WeakKey, _held: unknown, token?: WeakKey): void {
    requireKey('FinalizationRegistry.prototype.register: target', target);
    if (token !== undefined) this.#tokens.add(token);
  }
  unregister(token: WeakKey): boolean {
    return this.#tokens.delete(token);
  }
  get [Symbol.toStringTag]() {
    return 'FinalizationRegistry';
  }
}

function requireKey(what: string, target: unknown): void {
  if ((typeof target === 'object' && target !== null) || typeof target === 'function' || typeof target === 'symbol')
    return;
  throw new TypeError(`${what} must be an object`);
}
