import {
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { createClient } from "../../../domain/clients/create.ts";
import { finishDeletion, pageDeletions } from "../../../store/deletions.ts";
import { insertTokenFamily } from "../../../store/token-families.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, testCall, testPool, testUser } from "../../../testing/pools.ts";
import { tokenFamilyRow } from "../../../testing/rows.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

function deleteClient({ client: sdk }: TestApp, { pool, client }: TestPool) {
  const named = { UserPoolId: pool.id, ClientId: client.id };
  return sdk.send(new DeleteUserPoolClientCommand(named));
}

async function anotherClient(app: TestApp, { pool, client }: TestPool): Promise<TestPool> {
  const { settings } = client;
  return { pool, client: await createClient(testCall(app), pool, { name: "other", settings }) };
}

test("its tokens end with it, those of other clients do not", async () => {
  const app = await testApp();
  const made = await testPool(app);
  const other = await anotherClient(app, made);
  await testUser(app, made.pool, { username: "ada" });
  const lost = await tokensOf(app, made);
  const kept = await tokensOf(app, other);
  await deleteClient(app, made);
  for (const request of [
    new GetUserCommand({ AccessToken: lost.access }),
    new GlobalSignOutCommand({ AccessToken: lost.access }),
  ]) {
    await expect(app.client.send(request as never)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
  }
  const refresh = (ClientId: string, RefreshToken: string) =>
    app.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));
  await expect(refresh(made.client.id, lost.refresh)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await app.client.send(new GetUserCommand({ AccessToken: kept.access }));
  await refresh(other.client.id, kept.refresh);
});

test("made again under its id, a client does not bring the old tokens back", async () => {
  const app = await testApp();
  const made = await testPool(app);
  await testUser(app, made.pool, { username: "ada" });
  const { access, refresh } = await tokensOf(app, made);
  await deleteClient(app, made);
  const { id, name, settings } = made.client;
  await createClient(testCall(app), made.pool, { id, name, settings });
  await expect(app.client.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  await expect(
    app.client.send(new GetTokensFromRefreshTokenCommand({ ClientId: id, RefreshToken: refresh })),
  ).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("tokens that no family is known of end with it too, and stay ended", async () => {
  const app = await testApp();
  const made = await testPool(app, { client: { enableTokenRevocation: false } });
  await testUser(app, made.pool, { username: "ada" });
  const { access } = await tokensOf(app, made);
  const signOut = () => app.client.send(new GlobalSignOutCommand({ AccessToken: access }));
  const refusal = { name: "NotAuthorizedException", message: "Access Token has been revoked" };
  await deleteClient(app, made);
  await expect(signOut()).rejects.toMatchObject(refusal);
  app.clock.advance(2_000);
  const { id, name, settings } = made.client;
  await createClient(testCall(app), made.pool, { id, name, settings });
  await expect(signOut()).rejects.toMatchObject(refusal);
});

test("a sign-in that was under way while it was deleted ends too", async () => {
  const app = await testApp();
  const made = await testPool(app);
  const { db } = app.context.store;
  await deleteClient(app, made);
  const late = { id: "late", user_pool_id: made.pool.id, client_id: made.client.id };
  await insertTokenFamily(db, tokenFamilyRow(late));
  for (const deletion of await pageDeletions(db, { limit: 9 })) await finishDeletion(db, deletion);
  expect(await db.selectFrom("token_families").select("id").execute()).toEqual([]);
  expect(await pageDeletions(db, { limit: 9 })).toEqual([]);
  await app.client.send(
    new DescribeUserPoolClientCommand({
      UserPoolId: made.pool.id,
      ClientId: (await anotherClient(app, made)).client.id,
    }),
  );
});

test("the purge leaves the sign-ins of a client that was made again under the id", async () => {
  const app = await testApp();
  const made = await testPool(app);
  const { db } = app.context.store;
  await testUser(app, made.pool, { username: "ada" });
  await deleteClient(app, made);
  app.clock.advance(1_000);
  const { id, name, settings } = made.client;
  await createClient(testCall(app), made.pool, { id, name, settings });
  app.clock.advance(1_000);
  const { access } = await tokensOf(app, made);
  for (const deletion of await pageDeletions(db, { limit: 9 })) await finishDeletion(db, deletion);
  await app.client.send(new GetUserCommand({ AccessToken: access }));
});

test("one that is not there, or is another pool's, is refused", async () => {
  const app = await testApp();
  const made = await testPool(app);
  const { pool } = await testPool(app);
  await expect(deleteClient(app, { pool, client: made.client })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `User pool client ${made.client.id} does not exist.`,
  });
  await deleteClient(app, made);
  await expect(deleteClient(app, made)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
