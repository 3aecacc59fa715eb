/** Addresses as SMTP gets them: exactly the stored one, or none. */
import { domainToASCII, domainToUnicode } from "node:url";
import { Undeliverable } from "../domain/messages/sender.ts";

export type Mailbox = { readonly name: string; readonly address: string };

/** RFC 5321 §4.5.3.1. */
const longestAddress = 254;
const longestLocalPart = 64;
/** RFC 5322's atom with dots. Quoted local parts are where mail libraries and servers have disagreed on the domain. */
const localPart = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;

/**
 * The address, if it can only mean one mailbox. Refuses whatever a mail library or server might split, decode or map to
 * another: control characters, commas, brackets, quotes, local parts beyond ASCII (as Amazon SES does), and domains
 * that are not written as they are looked up.
 */
export function checkedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const good =
    at > 0 &&
    address.length <= longestAddress &&
    local.length <= longestLocalPart &&
    localPart.test(local) &&
    isPlainDomain(domain);
  if (!good) throw new Undeliverable("its address cannot be a mailbox");
  return address;
}

function isPlainDomain(domain: string): boolean {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return false;
  const ascii = domainToASCII(domain);
  const lower = domain.toLowerCase();
  return ascii !== "" && (ascii === lower || domainToUnicode(ascii) === lower);
}

/** Reads a pool's sender: `Name <address>`, or an address alone. */
export function readMailbox(text: string): Mailbox {
  const [, name, address] = /^([^<>\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  if (address === undefined) return { name: "", address: checkedAddress(text.trim()) };
  const unquoted = (name ?? "").trim().replace(/^"(.*)"$/, "$1");
  return { name: unquoted, address: checkedAddress(address) };
}
