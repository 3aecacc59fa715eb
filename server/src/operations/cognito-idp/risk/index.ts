/** Threat protection: the history of users, and what is done about passwords and addresses known to be bad. */
import { AdminListUserAuthEvents } from "./admin-list-user-auth-events.ts";
import { AdminUpdateAuthEventFeedback } from "./admin-update-auth-event-feedback.ts";
import { DescribeRiskConfiguration } from "./describe-risk-configuration.ts";
import { SetRiskConfiguration } from "./set-risk-configuration.ts";

export const riskOperations = {
  AdminListUserAuthEvents,
  AdminUpdateAuthEventFeedback,
  SetRiskConfiguration,
  DescribeRiskConfiguration,
};
