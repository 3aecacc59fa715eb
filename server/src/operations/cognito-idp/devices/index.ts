import { AdminForgetDevice } from "./admin-forget-device.ts";
import { AdminGetDevice } from "./admin-get-device.ts";
import { AdminListDevices } from "./admin-list-devices.ts";
import { AdminUpdateDeviceStatus } from "./admin-update-device-status.ts";
import { ConfirmDevice } from "./confirm-device.ts";
import { ForgetDevice } from "./forget-device.ts";
import { GetDevice } from "./get-device.ts";
import { ListDevices } from "./list-devices.ts";
import { UpdateDeviceStatus } from "./update-device-status.ts";

export const deviceOperations = {
  ConfirmDevice,
  UpdateDeviceStatus,
  GetDevice,
  ListDevices,
  ForgetDevice,
  AdminGetDevice,
  AdminListDevices,
  AdminForgetDevice,
  AdminUpdateDeviceStatus,
};
