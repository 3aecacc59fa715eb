import { expect, test } from "vitest";
import { describeEvent } from "./audit-event.ts";

const event = {
  eventTime: "2026-01-02T03:04:05.006Z",
  eventName: "InitiateAuth",
  sourceIPAddress: "192.0.2.1",
  userIdentity: { type: "Unknown", principalId: "Anonymous" },
  additionalEventData: { userPoolId: "us-east-1_Abc", sub: "sub-1" },
};

test("a line says when, what, who, whom and how it ended", () => {
  expect(describeEvent({ Sequence: 7, Event: event })).toBe(
    "7 2026-01-02T03:04:05.006Z InitiateAuth by Anonymous from 192.0.2.1 in us-east-1_Abc about sub-1 → ok",
  );
  const refused = { errorCode: "NotAuthorizedException", errorMessage: "User is disabled." };
  expect(describeEvent({ Sequence: 8, Event: { ...event, ...refused } })).toMatch(
    /→ NotAuthorizedException: User is disabled\.$/,
  );
});

test("an administrator is named by the access key, the server by itself", () => {
  const by = (userIdentity: object) => describeEvent({ Sequence: 1, Event: { userIdentity } });
  expect(by({ type: "Root", accessKeyId: "AKIA1" })).toBe("1 by AKIA1 → ok");
  expect(by({ type: "AWSService", invokedBy: "poolhouse" })).toBe("1 by poolhouse → ok");
  expect(by({})).toBe("1 by nobody → ok");
});

test("nothing that a caller chose begins a line, colours the terminal or turns the text round", () => {
  const sourceIPAddress = "x\r\n\u001b[2J\u009b1m\u202eevil\u2028";
  const line = describeEvent({ Sequence: 1, Event: { ...event, sourceIPAddress } });
  expect(line).toContain("from x���[2J�1m�evil� in");
});
