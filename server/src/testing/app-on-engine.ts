import type { Engine } from "../store/store.ts";
import { type TestApp, testApp } from "./app.ts";
import { migratedPlace } from "./places.ts";

/** Starts a server of its own on this engine, for what must hold on both. */
export async function testAppOn(engine: Engine): Promise<TestApp> {
  const place = await migratedPlace(engine);
  return testApp("databaseUrl" in place ? place : {});
}
