/** Functions of pools as an operator has them: modules of a folder, registered, which pools may call. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { operate } from "./operate.ts";
import { root } from "./server.ts";

/** The example of this trigger in docs/guides/triggers.md. */
export function guideExample(trigger: string): string {
  const guide = readFileSync(join(root, "docs/guides/triggers.md"), "utf8");
  const [, section = ""] = guide.split(`\n## ${trigger}\n`);
  const code = /^```js\n(.*?)^```/ms.exec(section)?.[1];
  if (code === undefined) throw new Error(`the guide has no example of ${trigger}`);
  return code;
}

/** Registers a module, written into POOLHOUSE_FUNCTIONS_DIR, as a function that every pool may call; gives its ARN. */
export async function putFunction(
  server: Parameters<typeof operate>[0],
  given: { folder: string; name: string; code: string },
): Promise<string> {
  const { folder, name: FunctionName, code } = given;
  const Module = `${FunctionName}.mjs`;
  writeFileSync(join(folder, Module), code);
  const put = await operate<{ Function: { FunctionArn: string } }>(server, "PutFunction", {
    FunctionName,
    Module,
  });
  await operate(server, "AddFunctionPermission", {
    FunctionName,
    StatementId: "pools",
    Principal: "cognito-idp.amazonaws.com",
  });
  return put.Function.FunctionArn;
}
