/** Threat protection: the history of users, and what is refused for an address or a password. */
import { AdminListUserAuthEvents } from "./admin-list-user-auth-events.ts";
import { AdminUpdateAuthEventFeedback } from "./admin-update-auth-event-feedback.ts";

export const riskOperations = {
  AdminListUserAuthEvents,
  AdminUpdateAuthEventFeedback,
};
