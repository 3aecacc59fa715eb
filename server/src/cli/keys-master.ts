import { readMasterKeys } from "../app/master-keys.ts";
import { openData } from "../app/open-data.ts";
import { readDataConfig } from "../config.ts";
import { rewrapSecrets } from "../domain/keys/rewrap.ts";
import {
  addMasterKey,
  formatMasterKeys,
  type MasterKeys,
  promoteMasterKey,
  retireMasterKeys,
} from "../lib/envelope-keys.ts";
import { createOnce, replaceFile } from "../lib/publish-file.ts";
import { systemRandom } from "../lib/random.ts";
import { CommandError } from "./command-error.ts";
import type { DefineCommand } from "./index.ts";

/** Beyond that somebody goes on sealing under an old key. */
const MAX_RUNS = 10;

export const define: DefineCommand = (command) => {
  command.description(
    "Change the master key, which opens every secret in the database, in three steps: add, promote, finish. " +
      "Where servers run, give each the changed file and restart it after every step; where none runs, go on at once.",
  );
  command
    .command("add")
    .description("Add a new key to the master-key file. It opens, and does not seal yet.")
    .action(add);
  command
    .command("promote")
    .description("Let a key of the file seal from now on; the others still open.")
    .argument("<id>", "the key's id, as add printed it")
    .action(promote);
  command
    .command("finish")
    .description("Wrap every secret anew under the key that seals, and put the other keys aside.")
    .action(finish);
};

async function add(): Promise<void> {
  const { masterKeyFile } = readDataConfig();
  const before = await readMasterKeys(masterKeyFile);
  if (before.keys.length > 1) {
    throw new CommandError(
      `${masterKeyFile} holds ${before.keys.length} keys already: a change is under way, so go on with promote or finish`,
    );
  }
  const after = addMasterKey(before, systemRandom);
  await write(masterKeyFile, after);
  const added = after.keys.at(-1)?.id;
  process.stdout.write(`Added key ${added} to ${masterKeyFile}.
Where servers run, give each this file and restart it. Then:
  poolhouse keys master promote ${added}
`);
}

async function promote(id: string): Promise<void> {
  const { masterKeyFile } = readDataConfig();
  const before = await readMasterKeys(masterKeyFile);
  if (!before.keys.some((key) => key.id === id)) {
    const ids = before.keys.map((key) => key.id).join(", ");
    throw new CommandError(`${masterKeyFile} has no key ${id}; it has ${ids}`);
  }
  await write(masterKeyFile, promoteMasterKey(before, id));
  process.stdout.write(`Key ${id} seals from now on.
Where servers run, give each this file and restart it. Then:
  poolhouse keys master finish
`);
}

async function finish(): Promise<void> {
  const config = readDataConfig();
  const { masterKeyFile } = config;
  const before = await readMasterKeys(masterKeyFile);
  const [sealing, ...others] = before.keys;
  const rewrapped = await rewrapAll(config);
  process.stdout.write(`${rewrapped} secrets were wrapped anew under key ${sealing.id}.\n`);
  if (others.length === 0) return;
  const aside = `${masterKeyFile}.before-${sealing.id}`;
  await createOnce(aside, { content: formatMasterKeys(before), mode: 0o600 });
  await write(masterKeyFile, retireMasterKeys(before));
  process.stdout.write(`The other keys are out of ${masterKeyFile}; backups made before now need ${aside}.
Keep that file as long as those backups, and apart from them.
`);
}

/** Run after run, until one finds nothing to do: what was sealed under an old key meanwhile is not left behind. */
async function rewrapAll(config: Parameters<typeof openData>[0]): Promise<number> {
  const { store, vault } = await openData(config);
  try {
    let total = 0;
    for (let run = 0; run < MAX_RUNS; run++) {
      const rewrapped = await rewrapSecrets(store, vault);
      if (rewrapped === 0) return total;
      total += rewrapped;
    }
  } finally {
    await store.close();
  }
  throw new CommandError(
    "secrets are still being sealed under an old key: restart every server with the present master-key file",
  );
}

function write(file: string, keys: MasterKeys): Promise<void> {
  return replaceFile(file, { content: formatMasterKeys(keys), mode: 0o600 });
}
