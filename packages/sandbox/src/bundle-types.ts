/** A file that went into a bundle: its path relative to the bundle's root, with `/`, and its SHA-256 in hex. */
export interface BundleSource {
  path: string;
  sha256: string;
}

/** An agent's or a task's code as one ES module that exports `program`. */
export interface Bundle {
  /** What the bundle is called in messages: the agent's path or the task's reference. */
  name: string;
  /** The folder that the map's sources are relative to, as messages show it. */
  sourceRoot: string;
  code: string;
  /** Source map v3 as JSON, for telling where an exception was thrown. */
  map: string;
  sources: BundleSource[];
  /** `sha256:` + hex over the sources, in the form of spec/extensions/canonical-hash.md. */
  digest: string;
}

/** A piece of a program in a form that does not change with its comments, spaces and names. */
export interface CodePrint {
  /** The file it stands in, as `BundleSource` names it. */
  path: string;
  /** The function or class; null for the whole file, and for one without a name. */
  name: string | null;
  digest: string;
}
