/** DEVICE_SRP_AUTH: a device that is remembered proves that it is the one. */
import type { Progress } from "../progress.ts";
import type { Asked } from "./ask.ts";

/** Asks the device that the client named to begin SRP. */
export function askForDevice({ deviceKey = "" }: Progress): Asked {
  return {
    name: "DEVICE_SRP_AUTH",
    // No name: Amplify keeps a device's keys under the one that was typed, and would look for them under this one.
    parameters: { DEVICE_KEY: deviceKey },
  };
}
