/** The domain that passkeys of a pool are bound to (WebAuthn Level 3 §5.1.2: a registrable domain of the origin). */
import { invalidParameter } from "../../errors/cognito-idp.ts";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Second-level names under which anybody can register, as most country codes have them; not the whole public suffix list. */
const sharedUnderCountry = /^(ac|co|com|edu|go|gob|gov|gv|mil|ne|net|nom|or|org|sch)\.[a-z]{2}$/;

/**
 * Refuses what no browser takes as a relying party: an address, a name with capitals or a port, and a domain under which
 * others have theirs. Browsers know the whole list of those; here it saves a pool that cannot work.
 */
export function checkRelyingPartyId(id: string): void {
  const labels = id.split(".");
  const isDomain =
    labels.every((each) => label.test(each)) && !/^[0-9]+$/.test(labels.at(-1) ?? "");
  const isPublic = (labels.length === 1 && id !== "localhost") || sharedUnderCountry.test(id);
  if (!isDomain || isPublic) {
    throw invalidParameter(
      `${id} cannot be the relying party id: it must be a domain of your own.`,
    );
  }
}
