/** Which settings of a client go together and with its pool; AWS's refusals where they do not. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { UserPool } from "../pools/pool.ts";
import { checkOAuthSettings } from "./check-oauth.ts";
import { clientTokenFlow, tokenLifetimes, type UserPoolClientSettings } from "./client.ts";

/** AWS words one refusal differently for a new client and for a changed one. */
export type Doing = "creating" | "updating";

/** Refuses settings that contradict each other, or the pool's schema. */
export function checkClientSettings(
  settings: UserPoolClientSettings,
  about: { pool: UserPool; hasSecret: boolean; doing: Doing },
): void {
  checkFlows(settings, about);
  checkLifetimes(settings);
  checkReadAttributes(settings.readAttributes, about);
  checkWriteAttributes(settings.writeAttributes, about);
  checkOAuthSettings(settings.oauth, about);
  if (settings.enablePropagateAdditionalUserContextData && !about.hasSecret) {
    throw invalidParameter(
      "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
    );
  }
}

function checkFlows(
  { explicitAuthFlows = [], refreshTokenRotation }: UserPoolClientSettings,
  { hasSecret }: { hasSecret: boolean },
): void {
  const current = explicitAuthFlows.filter((name) => name.startsWith("ALLOW_"));
  if (current.length > 0 && current.length < explicitAuthFlows.length) {
    throw invalidParameter(
      "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    );
  }
  if (explicitAuthFlows.includes(clientTokenFlow)) {
    if (explicitAuthFlows.length > 1) {
      throw invalidParameter(`${clientTokenFlow} cannot be used with other auth flows.`);
    }
    if (!hasSecret) throw invalidParameter(`${clientTokenFlow} requires a client secret.`);
  }
  const rotates = refreshTokenRotation?.feature === "ENABLED";
  if (rotates && current.includes("ALLOW_REFRESH_TOKEN_AUTH")) {
    throw invalidParameter(
      "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.",
    );
  }
}

const day = 86_400;

function checkLifetimes(settings: UserPoolClientSettings): void {
  const { accessTokenSeconds, idTokenSeconds, refreshTokenSeconds } = tokenLifetimes(settings);
  const isWithin = (seconds: number, least: number, most: number) =>
    seconds >= least && seconds <= most;
  const inRange =
    isWithin(accessTokenSeconds, 300, day) &&
    isWithin(idTokenSeconds, 300, day) &&
    isWithin(refreshTokenSeconds, 3600, 3650 * day);
  if (!inRange) throw invalidParameter("Invalid range for token validity.");
  if (Math.max(accessTokenSeconds, idTokenSeconds) > refreshTokenSeconds) {
    throw invalidParameter(
      "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
    );
  }
}

type About = { readonly pool: UserPool; readonly doing: Doing };

function checkReadAttributes(names: readonly string[] | undefined, { pool, doing }: About): void {
  const { schema } = pool.settings;
  if (names?.every((name) => schema.some((each) => each.name === name)) === false) {
    throw invalidParameter(`Invalid read attributes specified while ${doing} a client`);
  }
}

/** Never written by a client: the id, and what only a code or an administrator proves. */
const unwritable = new Set(["sub", "email_verified", "phone_number_verified"]);

/** "All app clients can write user pool required attributes": a list without one of them is refused. */
function checkWriteAttributes(names: readonly string[] | undefined, { pool, doing }: About): void {
  if (names === undefined) return;
  const writable = pool.settings.schema.filter(
    ({ name, developerOnly }) => !developerOnly && !unwritable.has(name),
  );
  const exist = names.every((name) => writable.some((each) => each.name === name));
  const complete = writable.every(({ name, required }) => !required || names.includes(name));
  if (!exist || !complete) {
    throw invalidParameter(`Invalid write attributes specified while ${doing} a client`);
  }
}
