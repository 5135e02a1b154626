/**
 * Changes a global that Node makes when it is first asked for, at that moment: making it takes a while.
 * @param make gives the global as Node makes it; by default its getter does.
 */
export function patchGlobal<T extends object>(name: string, patch: (value: T) => void, make = makerOf<T>(name)): void {
  const define = (descriptor: PropertyDescriptor) =>
    Object.defineProperty(globalThis, name, { enumerable: false, configurable: true, ...descriptor });
  define({
    get() {
      const value = make();
      define({ value, writable: true });
      patch(value);
      return value;
    },
    set: (value) => define({ value, writable: true }),
  });
}

function makerOf<T>(name: string): () => T {
  const { get, value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
  return () => (get ? Reflect.apply(get, globalThis, []) : value);
}
