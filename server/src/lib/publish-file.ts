import { randomBytes } from "node:crypto";
import { chmod, link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

type FileContent = { content: string; mode: number };

/** The content of a file, or undefined when there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Creates a file whole or not at all and returns what it holds: of several writers at once, all get the first one's. */
export async function createOnce(path: string, file: FileContent): Promise<string> {
  const temporary = await writeTemporary(path, file);
  try {
    await link(temporary, path);
    return file.content;
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    return await readFile(path, "utf8");
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces a file in one step: a reader sees the old content or the new one, never a part. */
export async function replaceFile(path: string, file: FileContent): Promise<void> {
  await rename(await writeTemporary(path, file), path);
}

async function writeTemporary(path: string, { content, mode }: FileContent): Promise<string> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString("hex")}`);
  // Never readable by others, even before its mode is set.
  await writeFile(temporary, content, { mode: 0o600, flag: "wx", flush: true });
  await chmod(temporary, mode);
  return temporary;
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
