/** The look of the classic pages: CSS and a logo, of one client or of all. */
import { createHash } from "node:crypto";
import { domainMissing } from "../../errors/branding.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import {
  deleteUiCustomization,
  findUiCustomization,
  putUiCustomization,
  type UiCustomizationRow,
} from "../../store/ui-customizations.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { holdClient } from "../clients/hold.ts";
import { domainsOf } from "../domains/domain.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { readClassicCss } from "./classic-css.ts";
import { imageTypeOf } from "./image-type.ts";

/** What stands for every client that has no look of its own. */
export const allClients = "ALL";

export type UiCustomization = {
  readonly userPoolId: string;
  /** Or `ALL`. */
  readonly clientId: string;
  /** As given. */
  readonly css: string | undefined;
  readonly cssVersion: string;
  /** SHA-256 of the image, if there is one. */
  readonly imageHash: string | undefined;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

/** AWS, "Customizing hosted UI (classic) branding": at most 100 KB. */
const maxImageBytes = 102_400;

function customizationFromRow(row: UiCustomizationRow): UiCustomization {
  return {
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    css: row.css ?? undefined,
    cssVersion: row.css_version,
    imageHash: row.image_hash ?? undefined,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The look that a client's classic pages have: its own, or that of all. */
export async function uiCustomizationOf(
  db: Db,
  key: { userPoolId: string; clientId: string },
): Promise<UiCustomization | undefined> {
  const own = await findUiCustomization(db, key);
  const row = own ?? (await findUiCustomization(db, { ...key, clientId: allClients }));
  return row && customizationFromRow(row);
}

/** Sets the look of one client, or of all, in place of what it was; one that says nothing takes it away. */
export async function setUiCustomization(
  call: Call,
  { pool, client }: { pool: UserPool; client: UserPoolClient | undefined },
  given: { css: string | undefined; image: Uint8Array | undefined },
): Promise<UiCustomization> {
  const { css, image } = given;
  if (css !== undefined) readClassicCss(css);
  if (image) checkImage(image);
  const nowMs = call.clock.now();
  const key = { userPoolId: pool.id, clientId: client?.id ?? allClients };
  const customization: UiCustomization = {
    ...key,
    css,
    cssVersion: versionAt(nowMs),
    imageHash: image && createHash("sha256").update(image).digest("base64url"),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  return await call.change(async (trx) => {
    if (client) await holdClient(trx, client);
    else await loadPool(call, pool.id, trx);
    await requireDomain(trx, pool);
    if (css === undefined && !image) {
      await deleteUiCustomization(trx, key);
      return customization;
    }
    await putUiCustomization(trx, {
      user_pool_id: key.userPoolId,
      client_id: key.clientId,
      css: css ?? null,
      css_version: customization.cssVersion,
      image: image ? Buffer.from(image).toString("base64") : null,
      image_hash: customization.imageHash ?? null,
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
    const row = await findUiCustomization(trx, key);
    return row ? customizationFromRow(row) : customization;
  });
}

/** Refuses a pool without a domain, as both operations do. */
export async function requireDomain(db: Db, pool: UserPool): Promise<void> {
  if ((await domainsOf(db, pool)).length === 0) throw domainMissing();
}

function checkImage(image: Uint8Array): void {
  const type = imageTypeOf(image);
  if (type !== "PNG" && type !== "JPEG") {
    throw invalidParameter("ImageFile is neither a PNG nor a JPEG image.");
  }
  if (image.byteLength > maxImageBytes) {
    throw invalidParameter(`ImageFile is larger than ${maxImageBytes} bytes.`);
  }
}

/** The time in digits, as AWS numbers its versions: 20250117005911. */
function versionAt(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\D/g, "").slice(0, 14);
}
