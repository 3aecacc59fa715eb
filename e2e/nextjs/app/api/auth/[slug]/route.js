import { createAuthRouteHandlers } from "../../../../amplify.js";

export const GET = createAuthRouteHandlers({
  redirectOnSignInComplete: "/",
  redirectOnSignOutComplete: "/",
});
