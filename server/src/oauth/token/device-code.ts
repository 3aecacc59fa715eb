import { redeemDeviceCode } from "../../domain/grants/device-code.ts";
import { oauthError } from "../../errors/oauth.ts";
import { type Grant, requireField } from "./grant.ts";

/** RFC 8628 §3.4: tokens for a device, once its user has allowed it elsewhere. */
export const deviceCode: Grant = async (call, request) => {
  const { pool, client, form, dpopJkt, clientMetadata } = request;
  if (client.extensions.deviceAuthorization !== "on") throw oauthError("unauthorized_client");
  const shown = { deviceCode: requireField(form, "device_code"), dpopJkt, clientMetadata };
  return redeemDeviceCode(call, { pool, client }, shown);
};
