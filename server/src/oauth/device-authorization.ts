/** `POST /oauth2/device_authorization`: a device without a browser asks for its user (RFC 8628 §3.1). */
import type { Call } from "../domain/call.ts";
import {
  beginDeviceAuthorization,
  deviceAuthorizationSeconds,
  devicePollSeconds,
} from "../domain/grants/device-authorization.ts";
import { oauthError } from "../errors/oauth.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { jsonAnswer } from "./answers.ts";
import { readResource } from "./authorize/options.ts";
import { authenticateClient } from "./client-authentication.ts";
import { refuseClient } from "./client-refusal.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";
import { requireScopes } from "./scopes.ts";

export const deviceAuthorization: Endpoint = {
  method: "POST",
  path: "/oauth2/device_authorization",
  event: "DeviceAuthorization_POST",
  readOnly: true,
  handle: begin,
  refuse: refuseClient,
};

async function begin(call: Call, request: EndpointRequest): Promise<WireAnswer> {
  const { pool, origin, prefix } = request;
  const form = request.form();
  const client = await authenticateClient(call, request, form);
  const { extensions, settings } = client;
  if (extensions.deviceAuthorization !== "on" || !settings.oauth.allowedFlowsUserPoolClient) {
    throw oauthError("unauthorized_client", "This client may not sign devices in.");
  }
  const scopes = await requireScopes(call, { pool, client, scope: form.get("scope") });
  const resource = readResource(form.get("resource"));
  const begun = await beginDeviceAuthorization(call, { pool, client }, { scopes, resource });
  const { deviceCode, userCode } = begun;
  const page = `${origin}${prefix}/device`;
  return jsonAnswer({
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: deviceAuthorizationSeconds,
    interval: devicePollSeconds,
  });
}
