/** A device as users and administrators are shown it. */
import type { AttributeType, DeviceType } from "@aws-sdk/client-cognito-identity-provider";
import type { Call } from "../../domain/call.ts";
import type { Device } from "../../domain/devices/device.ts";
import { regionOf, type UserPool } from "../../domain/pools/pool.ts";
import type { User } from "../../domain/users/user.ts";

/** AWS's DeviceType with the attributes that users may read. */
export function deviceType(device: Device): DeviceType {
  return {
    DeviceKey: device.key,
    DeviceAttributes: shownAttributes(device),
    DeviceCreateDate: new Date(device.createdAtMs),
    DeviceLastModifiedDate: new Date(device.modifiedAtMs),
    DeviceLastAuthenticatedDate: new Date(device.lastAuthenticatedAtMs),
  };
}

/** The same with the attributes for developers (AWS CLI reference, the example of admin-get-device). */
export function adminDeviceType(
  { settings }: Pick<Call, "settings">,
  { pool, user }: { pool: UserPool; user: User },
  device: Device,
): DeviceType {
  const owner = `${user.username}.${pool.id}`;
  const account = `arn:aws:cognito-idp:${regionOf(pool)}:${settings.accountId}`;
  return {
    ...deviceType(device),
    DeviceAttributes: [
      ...shownAttributes(device),
      { Name: "dev:device_arn", Value: `${account}:owner/${owner}/device/${device.key}` },
      { Name: "dev:device_owner", Value: owner },
      { Name: "dev:device_remembered_status", Value: device.status },
    ],
  };
}

function shownAttributes({ name, lastIp }: Device): AttributeType[] {
  return [
    { Name: "device_status", Value: "valid" },
    ...(name === null ? [] : [{ Name: "device_name", Value: name }]),
    { Name: "last_ip_used", Value: lastIp },
  ];
}
