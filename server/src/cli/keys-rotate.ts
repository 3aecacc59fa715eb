import type { DefineCommand } from "./index.ts";
import { callOperation } from "./signed-client.ts";

export const define: DefineCommand = (command) => {
  command
    .description("Give user pools new keys to sign tokens with; the old ones verify until then.")
    .option("--pool <id>", "this user pool alone, not every one of the region")
    .option(
      "--emergency",
      "the present keys are compromised: new ones sign at once, every token signed so far is dead",
    )
    .option("--json", "print the keys as JSON")
    .action(rotate);
};

type Options = { pool?: string; emergency?: boolean; json?: boolean };

type Rotated = {
  UserPoolId: string;
  Keys: { KeyId: string; TokenUse: string; State: string; CreationDate: number }[];
};
type Answer = { UserPools: Rotated[]; NextToken?: string };

async function rotate({ pool, emergency = false, json }: Options): Promise<void> {
  const rotated: Rotated[] = [];
  let NextToken: string | undefined;
  do {
    const answer: Answer = await callOperation("PoolhouseService.RotateSigningKeys", {
      Emergency: emergency,
      ...(pool === undefined ? {} : { UserPoolId: pool }),
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    rotated.push(...answer.UserPools);
    if (!json) process.stdout.write(answer.UserPools.map(describe).join(""));
    ({ NextToken } = answer);
  } while (NextToken !== undefined);
  process.stdout.write(json ? `${JSON.stringify(rotated, null, 2)}\n` : summary(emergency));
}

function describe({ UserPoolId, Keys }: Rotated): string {
  const lines = Keys.map(({ KeyId, TokenUse, State }) => `  ${TokenUse} ${State} ${KeyId}\n`);
  return `${UserPoolId}\n${lines.join("")}`;
}

function summary(emergency: boolean): string {
  return emergency
    ? "The new keys sign now. Apps refresh by themselves; verifiers of your own forget the old keys within five minutes.\n"
    : "The next keys are published. They begin to sign in about six minutes, when everybody who verifies has seen them.\n";
}
