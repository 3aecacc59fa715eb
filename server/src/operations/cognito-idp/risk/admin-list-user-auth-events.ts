import type {
  AdminListUserAuthEventsCommandInput,
  AdminListUserAuthEventsCommandOutput,
  AuthEventType,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { type AuthEvent, authEventFromRow } from "../../../domain/risk/auth-event.ts";
import { requireThreatProtection } from "../../../domain/risk/threat-protection.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageAuthEvents } from "../../../store/auth-events.ts";
import type { CognitoOperation } from "../operation.ts";
import { PaginationKey, QueryLimitType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** AWS's largest page, which a MaxResults of 0 asks for as well. */
const maxLimit = 60;

/** Lists what a user did to sign in, and what others tried in their name, the newest first. */
export const AdminListUserAuthEvents: CognitoOperation<
  AdminListUserAuthEventsCommandInput,
  AdminListUserAuthEventsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    MaxResults: QueryLimitType,
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    requireThreatProtection(pool);
    const user = await loadUser(call, pool, input.Username);
    const asked = {
      list: ["AdminListUserAuthEvents", pool.id, user.id],
      token: input.NextToken,
      limit: input.MaxResults || maxLimit,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: { atMs: number; id: string } | undefined, limit) =>
        pageAuthEvents(call.db, { userPoolId: pool.id, userId: user.id, after, limit }),
      positionOf: (row) => ({ atMs: row.at_ms, id: row.id }),
    });
    return {
      AuthEvents: rows.map((row) => authEventType(authEventFromRow(row))),
      NextToken: nextToken,
    };
  },
};

/** Where an address is, and how much of a risk, nothing here knows. */
function authEventType({ facts, feedback, ...event }: AuthEvent): AuthEventType {
  return {
    EventId: event.id,
    EventType: event.type,
    CreationDate: new Date(event.atMs),
    EventResponse: event.response,
    EventRisk: {
      RiskDecision: facts.isBlocked ? "Block" : "NoRisk",
      CompromisedCredentialsDetected: facts.isCompromised,
    },
    ChallengeResponses: facts.challenges.map(({ name, response }) => ({
      ChallengeName: name,
      ChallengeResponse: response,
    })),
    EventContextData: { IpAddress: facts.ipAddress, DeviceName: facts.deviceName },
    EventFeedback: feedback && {
      FeedbackValue: feedback.value,
      Provider: feedback.provider,
      FeedbackDate: new Date(feedback.atMs),
    },
  };
}
