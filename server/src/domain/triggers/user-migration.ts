/** The function that knows users which a pool does not have yet (AWS, "Migrate user Lambda trigger"). */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { fireTrigger } from "./fire.ts";
import { flagIn, textIn, textsByNameIn, textsIn } from "./output.ts";

export type UserMigration = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** As it was typed. */
  readonly userName: string;
  readonly source: "UserMigration_Authentication" | "UserMigration_ForgotPassword";
  /** As it was typed; none where it is forgotten. */
  readonly password?: string | undefined;
  /** ClientMetadata of InitiateAuth and AdminInitiateAuth. */
  readonly validationData?: Readonly<Record<string, string>> | undefined;
  /** ClientMetadata of other operations. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
};

/** What the function says of the user; nothing in it is checked against the pool. */
export type MigratedUser = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: "CONFIRMED" | "RESET_REQUIRED";
  readonly takeOverAliases: boolean;
  readonly smsMfa: boolean;
};

/** Attributes are bounded by the schema; their number is not. */
const maxAttributes = 100;

/** Asks for a user; undefined where the pool has no such function, or the function knows no such user. */
export async function fireUserMigration(
  call: Call,
  given: UserMigration,
): Promise<MigratedUser | undefined> {
  const { pool, client, userName, source, password, validationData, clientMetadata } = given;
  const response = await fireTrigger(call, {
    pool,
    client,
    trigger: "UserMigration",
    source,
    userName,
    request: {
      ...(password === undefined ? {} : { password }),
      validationData: validationData ?? null,
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: {
      userAttributes: null,
      forceAliasCreation: null,
      enableSMSMFA: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
    },
  });
  const attributes = response && textsByNameIn(response, "userAttributes", maxAttributes);
  if (!response || !attributes || Object.keys(attributes).length === 0) return undefined;
  checkMessage(response);
  return {
    attributes,
    status: readStatus(response),
    takeOverAliases: flagIn(response, "forceAliasCreation"),
    smsMfa: flagIn(response, "enableSMSMFA"),
  };
}

function readStatus(response: Readonly<Record<string, unknown>>): MigratedUser["status"] {
  const status = textIn(response, "finalUserStatus", 32) ?? "CONFIRMED";
  if (status !== "CONFIRMED" && status !== "RESET_REQUIRED") throw unrecognizableLambdaOutput();
  return status;
}

/** A welcome is never sent: AWS's carries the password, which the user just typed and knows. */
function checkMessage(response: Readonly<Record<string, unknown>>): void {
  const action = textIn(response, "messageAction", 32);
  const mediums = textsIn(response, "desiredDeliveryMediums") ?? [];
  const isKnown = action === undefined || action === "SUPPRESS" || action === "RESEND";
  if (!isKnown || mediums.some((each) => each !== "EMAIL" && each !== "SMS")) {
    throw unrecognizableLambdaOutput();
  }
}
