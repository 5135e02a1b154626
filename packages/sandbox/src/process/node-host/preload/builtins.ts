import Module, { syncBuiltinESMExports } from 'node:module';

/** What a built-in module exports. */
export type Builtin = Record<string, unknown>;
type Load = (name: string, ...rest: unknown[]) => Builtin;

/**
 * Has each patch change its built-in module when a program first requires it: loading them all ahead would take longer
 * than most programs run.
 * @returns patches what is left, for programs that import: no hook of Node's sees that.
 */
export function patchBuiltins(patches: Record<string, (builtin: Builtin) => void>): () => void {
  const left = new Map(Object.entries(patches));
  const patched = (name: unknown, builtin: Builtin) => {
    const bare = `${name}`.replace(/^node:/, '');
    const patch = left.get(bare);
    left.delete(bare);
    patch?.(builtin);
    return builtin;
  };
  const loader = Module as unknown as { _load: Load };
  const { _load: load } = loader;
  loader._load = function (name, ...rest) {
    return patched(name, Reflect.apply(load, this, [name, ...rest]));
  };
  const { getBuiltinModule } = process as unknown as { getBuiltinModule(name: string): Builtin };
  Object.assign(process, { getBuiltinModule: (name: string) => patched(name, getBuiltinModule(name)) });
  return () => {
    for (const name of [...left.keys()]) patched(name, getBuiltinModule(name));
    syncBuiltinESMExports();
  };
}
