/** As much of AWS KMS as a function needs that opens the codes it is to send. */
import type { Service } from "../../protocol/operation.ts";
import { Decrypt } from "./decrypt.ts";
import { unsupported } from "./unsupported.ts";

export const kms: Service = {
  signingName: "kms",
  targetPrefix: "TrentService",
  operations: { Decrypt },
  unsupported,
};
