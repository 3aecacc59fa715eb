/** `/resendcode`: another code for whoever waits for one on a page. */
import { redirectAnswer } from "../oauth/answers.ts";
import { forAuthorization, linkToFlow } from "./authorization.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { resend, showAgain } from "./confirm.ts";
import { loadFlow, queryOf } from "./flow.ts";
import type { PageEndpoint } from "./page-request.ts";
import { sendResetCode, submitResetPassword } from "./recovery.ts";

const kinds = ["confirm", "reset"] as const;

/** Sends it and goes back to the page. */
export const resendCode: PageEndpoint = {
  method: "POST",
  path: "/resendcode",
  event: "ResendCode_POST",
  async handle(call, request) {
    const browser = requireOwnForm(call, request, request.form());
    const flow = await loadFlow(call, request, { browser, kind: kinds });
    const { kind, username } = flow.step;
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        if (kind === "confirm") await resend(call, authorization, username);
        else await sendResetCode(call, authorization, username);
        const path = kind === "confirm" ? "/confirm" : "/confirmForgotPassword";
        return redirectAnswer(`${linkToFlow(request, path, flow.handle)}&sent=again`, {
          status: 303,
        });
      },
    });
  },
  async refuse(call, request, error) {
    const browser = browserOf(call, request);
    const flow = await loadFlow(call, request, { browser, kind: kinds });
    if (flow.step.kind === "confirm") return showAgain(call, request, error);
    return submitResetPassword.refuse?.(call, request, error) ?? showAgain(call, request, error);
  },
};
