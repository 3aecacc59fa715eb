/** Finds the modules of functions: files of one folder, wherever links lead. */
import { realpath, stat } from "node:fs/promises";
import { extname, isAbsolute, join, relative, sep } from "node:path";

export type ModuleFile = {
  /** Behind all links. */
  readonly path: string;
  /** Changes when the file does. */
  readonly stamp: string;
};

const extensions = [".js", ".mjs", ".cjs", ".ts"];

/** The file of this name below the folder; undefined where there is none, or where it lies outside. */
export async function findModuleFile(
  folder: string,
  name: string,
): Promise<ModuleFile | undefined> {
  if (isAbsolute(name) || name.includes("\0") || !extensions.includes(extname(name))) {
    return undefined;
  }
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, name));
    const [first] = relative(root, path).split(sep);
    if (first === ".." || isAbsolute(relative(root, path))) return undefined;
    const stats = await stat(path);
    return stats.isFile() ? { path, stamp: `${stats.mtimeMs} ${stats.size}` } : undefined;
  } catch {
    // Not there, not readable, a link to itself: whatever it is, there is nothing to run.
    return undefined;
  }
}
