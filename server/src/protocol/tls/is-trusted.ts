import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { getCACertificates } from "node:tls";
import { readIfPresent } from "../../lib/publish-file.ts";

/** Debian's and Fedora's certificates in one file; Node would take a tenth of a second to read them one by one. */
const bundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/** Whether browsers or tools of this user take the authority's certificate, as far as can be told without asking them. */
export async function isTrusted(
  certificate: string,
  { platform, homeDir }: { platform: string; homeDir: string },
): Promise<boolean> {
  if (platform !== "linux") {
    return getCACertificates("system").some((each) => each.trim() === certificate.trim());
  }
  const texts = await Promise.all(bundles.map(readIfPresent));
  return texts.some((text) => text?.includes(certificate.trim())) || isInNss(certificate, homeDir);
}

/** Chrome and Chromium keep the user's own certificates in an NSS database, where attribute 0x11 is the value. */
function isInNss(certificate: string, homeDir: string): boolean {
  const file = join(homeDir, ".pki", "nssdb", "cert9.db");
  if (!existsSync(file)) return false;
  const der = new X509Certificate(certificate).raw;
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    const found = database.prepare("select 1 from nssPublic where a11 = ?").get(der);
    database.close();
    return found !== undefined;
  } catch {
    // A database that cannot be read trusts nothing that we know of.
    return false;
  }
}
