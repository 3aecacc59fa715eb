/** The audit trail, shaped as CloudTrail shapes it: one row for every change, every sign-in and every refusal. */
import { insertAuditEvent } from "../../store/audit-events.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { bounded, boundedText } from "./bounded.ts";

/** With what is fixed, a row stays below 16 KB. */
const requestParametersBytes = 8192;
const additionalDataBytes = 4096;
const textCharacters = 512;

/** The source of what the server does by itself; no client has such an address. */
export const SERVER_ITSELF = "poolhouse";

/** Writes the row of a call inside the transaction of its change; an error makes it the row of a refusal. */
export async function recordEvent(
  trx: Db,
  call: Call,
  error?: { code: string; message: string },
): Promise<void> {
  const id = call.random.uuid();
  const atMs = call.clock.now();
  await insertAuditEvent(trx, {
    id,
    at_ms: atMs,
    user_pool_id: call.about.userPoolId ?? null,
    event: JSON.stringify(eventOf(call, { id, atMs, error })),
  });
}

function eventOf(
  call: Call,
  row: { id: string; atMs: number; error: { code: string; message: string } | undefined },
): object {
  const { facts, about, settings } = call;
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(call),
    eventTime: new Date(row.atMs).toISOString(),
    eventSource: `${facts.service}.amazonaws.com`,
    eventName: facts.operation,
    awsRegion: call.principal?.region ?? settings.region,
    sourceIPAddress: boundedText(facts.sourceIp, textCharacters),
    userAgent: boundedText(facts.userAgent, textCharacters),
    ...(row.error
      ? { errorCode: row.error.code, errorMessage: boundedText(row.error.message, textCharacters) }
      : {}),
    requestParameters: bounded(about.requestParameters, requestParametersBytes),
    responseElements: null,
    additionalEventData: {
      ...(about.userPoolId === undefined ? {} : { userPoolId: about.userPoolId }),
      ...(about.clientId === undefined ? {} : { clientId: about.clientId }),
      ...(about.sub === undefined ? {} : { sub: about.sub }),
      ...bounded(about.more, additionalDataBytes),
    },
    requestID: facts.requestId,
    eventID: row.id,
    readOnly: facts.readOnly,
    eventType:
      facts.isHosted || facts.sourceIp === SERVER_ITSELF ? "AwsServiceEvent" : "AwsApiCall",
    managementEvent: true,
    recipientAccountId: settings.accountId,
    eventCategory: "Management",
  };
}

/**
 * Who called. CloudTrail has no type for users of a pool: to it they are unknown and anonymous. Here the holder of a
 * token is unknown to IAM too, but named by `sub`, which says nothing of the person.
 */
function identityOf({ principal, settings, facts, about }: Call): object {
  if (principal) {
    return {
      type: "Root",
      principalId: settings.accountId,
      arn: principal.arn,
      accountId: settings.accountId,
      accessKeyId: principal.accessKeyId,
    };
  }
  if (facts.sourceIp === SERVER_ITSELF) return { type: "AWSService", invokedBy: SERVER_ITSELF };
  return { type: "Unknown", principalId: about.callerSub ?? "Anonymous" };
}
