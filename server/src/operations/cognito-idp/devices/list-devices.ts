import type {
  ListDevicesCommandInput,
  ListDevicesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import { listDevices } from "../device-list.ts";
import { deviceType } from "../device-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { QueryLimitType, SearchPaginationTokenType, TokenModelType } from "../shapes.ts";

/** Lists the confirmed devices of the caller, remembered or not. */
export const ListDevices: CognitoOperation<ListDevicesCommandInput, ListDevicesCommandOutput> = {
  caller: "token",
  readOnly: true,
  input: {
    AccessToken: required(TokenModelType),
    Limit: QueryLimitType,
    PaginationToken: SearchPaginationTokenType,
  },
  async handle(call, input) {
    const { pool, user } = call;
    requireSettled(user);
    const asked = { limit: input.Limit, token: input.PaginationToken };
    const { devices, nextToken } = await listDevices(call, { pool, user }, asked);
    return { Devices: devices.map(deviceType), PaginationToken: nextToken };
  },
};
