import { dirname, join } from "node:path";
import { makeMasterKeys } from "../app/master-keys.ts";
import { makeRootKeys } from "../app/root-keys.ts";
import { readMasterKeyFile } from "../config.ts";
import { createOnce, readIfPresent } from "../lib/publish-file.ts";
import { systemRandom } from "../lib/random.ts";
import { shellWord } from "../lib/shell.ts";
import type { DefineCommand } from "./index.ts";
import { define as defineMaster } from "./keys-master.ts";
import { define as defineRotate } from "./keys-rotate.ts";

export const define: DefineCommand = (command) => {
  command
    .command("init")
    .description("Make a master-key file and root keys for poolhouse serve; what is there stays.")
    .action(init);
  defineRotate(command.command("rotate"));
  defineMaster(command.command("master"));
};

async function init(): Promise<void> {
  const masterKeyFile = readMasterKeyFile();
  const settingsFile = join(dirname(masterKeyFile), "root-keys.env");
  const madeKey = await makeMasterKeys(masterKeyFile, systemRandom);
  const madeSettings = await makeSettings(settingsFile, masterKeyFile);
  process.stdout.write(`${madeKey ? "Made" : "Kept"} ${masterKeyFile}: it opens every secret in the database
${madeSettings ? "Made" : "Kept"} ${settingsFile}: the root keys, as settings of the server

Keep both apart from the data directory and from its backups. Start the server with:
  set -a; . ${shellWord(settingsFile)}; set +a
  poolhouse serve
`);
}

/** The settings that `serve` asks for, for a shell, systemd or Docker to load; tells whether they were made. */
async function makeSettings(file: string, masterKeyFile: string): Promise<boolean> {
  if ((await readIfPresent(file)) !== undefined) return false;
  const { accessKeyId, secretAccessKey } = makeRootKeys(systemRandom);
  const content = `POOLHOUSE_MASTER_KEY_FILE=${shellWord(masterKeyFile)}
POOLHOUSE_ROOT_ACCESS_KEY_ID=${accessKeyId}
POOLHOUSE_ROOT_SECRET_ACCESS_KEY=${secretAccessKey}
`;
  return (await createOnce(file, { content, mode: 0o600 })) === content;
}
