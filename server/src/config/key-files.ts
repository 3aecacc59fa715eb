import { accessSync, constants, existsSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** What is unsafe about the master-key file of a production server, or undefined. */
export function masterKeyFault(path: string, dataDir: string): string | undefined {
  const stats = fileStats(path);
  if (!stats) return `${path} is not there or cannot be read: poolhouse keys init makes one`;
  if (isInside(path, dataDir)) {
    return `${path} lies in the data directory: keep it elsewhere, or a copy of the data opens itself`;
  }
  return modeFault(path, stats, 0o077);
}

/** What is unsafe about the private key of a certificate, or undefined; a group may share it (Debian's ssl-cert). */
export function tlsKeyFault(path: string): string | undefined {
  const stats = fileStats(path);
  return stats ? modeFault(path, stats, 0o007) : missing(path);
}

/** What is wrong with a file that has to be there, or undefined. */
export function fileFault(path: string): string | undefined {
  return fileStats(path) ? undefined : missing(path);
}

/** What is unsafe about a data directory that is already there, or undefined. */
export function dataDirFault(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isDirectory()) return `${path} is not a folder`;
  return hasModes() && (stats.mode & 0o022) !== 0
    ? `${path} can be written by others: run chmod go-w ${path}`
    : undefined;
}

/** What is unsafe about the folder of functions, or undefined: whoever can write there runs what they like. */
export function functionsDirFault(path: string): string | undefined {
  return folderFault(path) ?? dataDirFault(path);
}

/** What is wrong with a folder that has to be there, or undefined. */
export function folderFault(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? undefined
    : `${path} is not there or is no folder`;
}

const missing = (path: string): string => `${path} is not there or cannot be read`;

function modeFault(path: string, stats: Stats, forbidden: number): string | undefined {
  return hasModes() && (stats.mode & forbidden) !== 0
    ? `${path} can be read by others: run chmod ${forbidden === 0o077 ? "600" : "o="} ${path}`
    : undefined;
}

const hasModes = (): boolean => process.platform !== "win32";

function fileStats(path: string): Stats | undefined {
  try {
    accessSync(path, constants.R_OK);
    const stats = statSync(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    // Whatever keeps it from being read, the line to the user is the same.
    return undefined;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(realPath(folder), realPath(path));
  return way.split(sep)[0] !== ".." && !isAbsolute(way);
}

/** The path behind all links, also where its last parts do not exist yet. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(realPath(parent), relative(parent, absolute));
}
