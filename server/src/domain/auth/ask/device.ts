/** DEVICE_SRP_AUTH: a device that is remembered proves that it is the one. */
import type { User } from "../../users/user.ts";
import type { Progress } from "../progress.ts";
import type { Asked } from "./ask.ts";

/** Asks the device that the client named to begin SRP. */
export function askForDevice(user: User, { deviceKey = "" }: Progress): Asked {
  return {
    name: "DEVICE_SRP_AUTH",
    parameters: { USERNAME: user.username, USER_ID_FOR_SRP: user.username, DEVICE_KEY: deviceKey },
  };
}
