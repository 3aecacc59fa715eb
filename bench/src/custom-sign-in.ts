/** A challenge of a pool's own, by functions that are modules beside the server. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asAdministrator, call } from "./calls.ts";
import type { Connection } from "./http-client.ts";
import type { Poolhouse } from "./poolhouse.ts";
import { makePool, type Pool } from "./pools.ts";
import type { Work } from "./rounds.ts";
import { clients, eachUser, openConnections, tokensOf } from "./works.ts";

const answer = "four two";

/** Each does as little as it can. */
const modules = {
  DefineAuthChallenge: `
    const isPassed = event.request.session.at(-1)?.challengeResult === true;
    if (isPassed) event.response.issueTokens = true;
    else event.response.challengeName = "CUSTOM_CHALLENGE";`,
  CreateAuthChallenge: `
    event.response.publicChallengeParameters = { question: "Which numbers?" };
    event.response.privateChallengeParameters = { answer: "${answer}" };`,
  VerifyAuthChallengeResponse: `
    const { challengeAnswer, privateChallengeParameters } = event.request;
    event.response.answerCorrect = challengeAnswer === privateChallengeParameters.answer;`,
} as const;

/** Sign-ins by the right answer, without a password, a user for every client, in a pool of their own. */
export async function customWorks(installation: Poolhouse): Promise<Work[]> {
  const pool = await makePool(installation, {
    pool: { LambdaConfig: await putFunctions(installation) },
    client: { ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] },
    users: clients,
  });
  const site = { pool, connections: openConnections(installation.target) };
  return eachUser(
    site,
    (connection, _, email) => async () => signInByAnswer(connection, pool, email),
  );
}

/** Puts the modules where the server looks for them; answers the LambdaConfig of a pool that calls them. */
async function putFunctions(installation: Poolhouse): Promise<Record<string, string>> {
  return asAdministrator(installation, async (call) => {
    const config: Record<string, string> = {};
    for (const [trigger, lines] of Object.entries(modules)) {
      const Module = `${trigger}.mjs`;
      const source = `export const handler = async (event) => {${lines}\n    return event;\n};\n`;
      await writeFile(join(installation.functionsDir, Module), source, { mode: 0o600 });
      const output = await call("PutFunction", { FunctionName: trigger, Module });
      const { FunctionArn } = output["Function"] as { FunctionArn: string };
      await call("AddFunctionPermission", {
        FunctionName: trigger,
        StatementId: "pools",
        Principal: "cognito-idp.amazonaws.com",
      });
      config[trigger] = FunctionArn;
    }
    return config;
  });
}

async function signInByAnswer(
  connection: Connection,
  { clientId: ClientId }: Pool,
  email: string,
): Promise<void> {
  const { ChallengeName, Session } = await call(connection, "InitiateAuth", {
    ClientId,
    AuthFlow: "CUSTOM_AUTH",
    AuthParameters: { USERNAME: email },
  });
  const output = await call(connection, "RespondToAuthChallenge", {
    ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: email, ANSWER: answer },
  });
  tokensOf(output);
}
