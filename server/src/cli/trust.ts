import { homedir } from "node:os";
import { readClientConfig } from "../config.ts";
import { loadOrCreateAuthority } from "../protocol/tls/authority.ts";
import {
  distrustAuthority,
  runCommand,
  type TrustContext,
  trustAuthority,
} from "../protocol/tls/trust.ts";
import type { DefineCommand } from "./index.ts";

export const define: DefineCommand = (command) => {
  command.option("--remove", "no longer trust it").action(async ({ remove }: { remove?: true }) => {
    const { dataDir } = readClientConfig();
    const authority = await loadOrCreateAuthority(dataDir, { nowMs: Date.now() });
    const change = remove ? distrustAuthority : trustAuthority;
    const { done, byHand } = await change(authority, thisMachine());
    for (const line of done) process.stdout.write(`${line}\n`);
    if (byHand.length > 0) process.stdout.write("\nWhat is left to you:\n");
    for (const line of byHand) process.stdout.write(`  ${line}\n`);
  });
};

function thisMachine(): TrustContext {
  return {
    run: runCommand,
    platform: process.platform,
    homeDir: homedir(),
    isRoot: process.getuid?.() === 0,
  };
}
