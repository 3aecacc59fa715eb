/** `/signup`: a new account (AWS, "User pool managed login"). Clients may send their users here at once. */
import { openSignUpSession } from "../domain/auth/sign-up-session.ts";
import type { Call } from "../domain/call.ts";
import { takesUsersWithoutPassword } from "../domain/pools/pool.ts";
import { checkSourceAddress } from "../domain/risk/source-address.ts";
import { termsShownIn } from "../domain/terms/terms.ts";
import { signUp } from "../domain/users/sign-up.ts";
import { signUpNotPermitted } from "../errors/cognito-idp.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { signInOf } from "./advance.ts";
import { signUpFields, submittedAttributes } from "./attribute-fields.ts";
import { forAuthorization, linkFor } from "./authorization.ts";
import { type Browser, browserOf, requireOwnForm } from "./browser.ts";
import { goToConfirm, isDeliveryFailure, signInAfter } from "./confirm.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { languageOf } from "./look.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice, Page } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";
import { nameKindOf, passwordRulesOf } from "./sign-in-page.ts";
import { typedAttributes, typedName, typedNewPassword } from "./typed.ts";

const path = "/signup";
const noForm: Parameters = new Map();

type Typed = {
  readonly browser: Browser;
  readonly form: Parameters;
  readonly notice?: Notice;
  readonly status?: number;
};

/** The page, with what was typed before. */
async function show(
  call: Call,
  request: PageRequest,
  given: Typed & { authorization: AuthorizationRequest },
): Promise<WireAnswer> {
  const { authorization, browser, form, notice, status } = given;
  const { pool, client } = authorization;
  if (pool.settings.adminCreateUserOnly) throw signUpNotPermitted();
  const { languages } = await request.pages.bundle();
  const terms = await termsShownIn(call.db, client, languageOf(request, languages));
  const page: Page = {
    name: "sign-up",
    form: { action: linkFor(request, path, authorization), csrf: browser.csrf },
    nameKind: nameKindOf(pool),
    username: form.get("username") ?? authorization.loginHint,
    passwordIsOptional: takesUsersWithoutPassword(pool.settings),
    rules: passwordRulesOf(pool),
    fields: signUpFields(pool, client, submittedAttributes(form)),
    providers: [],
    signInUrl: linkFor(request, "/login", authorization),
    terms,
  };
  return showPage(call, request, {
    ...{ page, client, cookies: browser.cookies, leadsTo: authorization.target.redirectUri },
    ...(notice ? { notice } : {}),
    ...(status ? { status } : {}),
  });
}

export const showSignUp: PageEndpoint = {
  method: "GET",
  path,
  event: "Signup_GET",
  readOnly: true,
  handle: (call, request) =>
    forAuthorization(call, request, {
      parameters: request.query(),
      goOn: (authorization) =>
        show(call, request, { authorization, browser: browserOf(call, request), form: noForm }),
    }),
};

export const submitSignUp: PageEndpoint = {
  method: "POST",
  path,
  event: "Signup_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    return forAuthorization(call, request, {
      parameters: request.query(),
      async goOn(authorization) {
        const signIn = signInOf(authorization);
        checkSourceAddress(call, signIn);
        const username = typedName(form);
        const given = { authorization, browser, username };
        const made = await signUp(call, signIn, {
          username,
          password: typedNewPassword(form),
          attributes: typedAttributes(form),
        }).catch(madeButNotReached);
        if (!made)
          return goToConfirm(call, request, { ...given, target: undefined, sent: "failed" });
        const { user, target } = made;
        if (user.status !== "CONFIRMED") return goToConfirm(call, request, { ...given, target });
        const session = await openSignUpSession(call, signIn, user);
        return signInAfter(call, request, { ...given, session });
      },
    });
  },
  refuse: showAgain,
};

/** Where the message fails the user is there all the same, and can have it sent again. */
function madeButNotReached(error: unknown): undefined {
  if (!isDeliveryFailure(error)) throw error;
}

/** The page again with what was wrong; of the password nothing. */
async function showAgain(
  call: Call,
  request: PageRequest,
  error: ServiceError,
): Promise<WireAnswer> {
  if (error.fault === "server") return showError(call, request, error);
  const typed: Typed = {
    browser: browserOf(call, request),
    form: request.form(),
    notice: noticeOf(error),
    status: statusOfPage(error.code),
  };
  return forAuthorization(call, request, {
    parameters: request.query(),
    goOn: (authorization) => show(call, request, { ...typed, authorization }),
  });
}
