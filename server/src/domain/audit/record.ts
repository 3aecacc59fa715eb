/** The audit trail, shaped as CloudTrail shapes it: one row for every change, every sign-in and every refusal. */
import { insertAuditEvent } from "../../store/audit-events.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";

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
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent.slice(0, 512),
    ...(row.error ? { errorCode: row.error.code, errorMessage: row.error.message } : {}),
    requestParameters: about.requestParameters,
    responseElements: null,
    additionalEventData: {
      ...(about.userPoolId === undefined ? {} : { userPoolId: about.userPoolId }),
      ...(about.clientId === undefined ? {} : { clientId: about.clientId }),
      ...(about.sub === undefined ? {} : { sub: about.sub }),
      ...about.more,
    },
    requestID: facts.requestId,
    eventID: row.id,
    readOnly: facts.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: settings.accountId,
    eventCategory: "Management",
  };
}

function identityOf(call: Call): object {
  if (call.principal) {
    return {
      type: "Root",
      principalId: call.settings.accountId,
      arn: call.principal.arn,
      accountId: call.settings.accountId,
      accessKeyId: call.principal.accessKeyId,
    };
  }
  return { type: "Unknown", principalId: "Anonymous" };
}
