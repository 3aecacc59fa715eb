/** What a device asks for (RFC 8628), as the request that its user's browser goes through sign-in and consent with. */
import type { Call } from "../../domain/call.ts";
import { loadClientOfPool } from "../../domain/clients/client.ts";
import { loadWaitingDevice, type WaitingDevice } from "../../domain/grants/device-authorization.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";
import { grantableScopes } from "../scopes.ts";
import type { AuthorizationRequest } from "./request.ts";

/** The request of a device, checked as it stands now; throws where it waits no more, or may not have what it asks for. */
export async function readDeviceRequest(
  call: Call,
  pool: UserPool,
  given: {
    found: Pick<WaitingDevice, "deviceCodeHash" | "userCode">;
    carried: Parameters;
    /** The page that the browser ends on. */
    page: string;
  },
): Promise<AuthorizationRequest> {
  const device = await loadWaitingDevice(call, given.found);
  const client = await loadClientOfPool(call, { pool, clientId: device.clientId });
  const { scopes, resource } = device;
  const allowed = await grantableScopes(call, { pool, client });
  if (client.extensions.deviceAuthorization !== "on") throw oauthError("unauthorized_client");
  if (!scopes.every((each) => allowed.includes(each))) throw oauthError("invalid_scope");
  return {
    ...{ pool, client, carried: given.carried, device, scopes, resource },
    // Always: what is allowed here happens elsewhere.
    prompts: ["consent"],
    target: { redirectUri: given.page, mode: "query", state: undefined },
    ...{ responseType: "code", redirectUriGiven: false, pushed: undefined, loginHint: "" },
    ...{ nonce: undefined, codeChallenge: undefined, dpopJkt: undefined },
    ...{ maxAgeSeconds: undefined, expectedSub: undefined, isForOwnPage: false },
  };
}
