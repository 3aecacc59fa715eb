import type { AdminCall, Call, UserCall } from "../domain/call.ts";

/** The context that a handler gets, by who may call its operation. */
export type Calls = { public: Call; token: UserCall; iam: AdminCall };
