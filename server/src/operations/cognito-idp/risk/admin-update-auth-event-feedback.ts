import type {
  AdminUpdateAuthEventFeedbackCommandInput,
  AdminUpdateAuthEventFeedbackCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { giveFeedback, requireThreatProtection } from "../../../domain/risk/threat-protection.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { EventIdType, FeedbackValueType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Notes with an event of a user whether it was really them. */
export const AdminUpdateAuthEventFeedback: CognitoOperation<
  AdminUpdateAuthEventFeedbackCommandInput,
  AdminUpdateAuthEventFeedbackCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    EventId: required(EventIdType),
    FeedbackValue: required(FeedbackValueType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    requireThreatProtection(pool);
    const user = await loadUser(call, pool, input.Username);
    const said = { eventId: input.EventId, value: input.FeedbackValue };
    await giveFeedback(call, { pool, user }, said);
    return {};
  },
};
