import { listFunctions } from "../../domain/functions/function.ts";
import { integer } from "../../protocol/checks.ts";
import { paginate } from "../../protocol/paginate.ts";
import { PaginationKeyType } from "../cognito-idp/shapes.ts";
import { toWireFunction, type WireFunction } from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type ListFunctionsInput = { MaxResults?: number; NextToken?: string };
export type ListFunctionsOutput = { Functions: WireFunction[]; NextToken?: string | undefined };

/** The functions of the region, by name. */
export const ListFunctions: PoolhouseOperation<ListFunctionsInput, ListFunctionsOutput> = {
  caller: "iam",
  readOnly: true,
  input: { MaxResults: integer({ min: 1, max: 60 }), NextToken: PaginationKeyType },
  async handle(call, input) {
    const { region } = call.principal;
    const asked = {
      list: ["ListFunctions", region],
      token: input.NextToken,
      limit: input.MaxResults ?? 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) => listFunctions(call, { after, limit }),
      positionOf: ({ name }) => name,
    });
    const functions = rows.map((row) => toWireFunction(row, call.settings.accountId));
    return { Functions: functions, NextToken: nextToken };
  },
};
