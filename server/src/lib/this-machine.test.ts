import { expect, test } from "vitest";
import { isLocalDatabase, isThisMachine } from "./this-machine.ts";

test.each(["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])("%s is this machine", (host) => {
  expect(isThisMachine(host)).toBe(true);
});

test.each([
  ...["", "localhost.example.com", "127.0.0.1.example.com", "127.example.com", "10.0.0.1"],
  ...["0.0.0.0", "::", "[::]", "::ffff:10.0.0.1", "mail.localhost", "[localhost]x"],
])("%j is not this machine", (host) => {
  expect(isThisMachine(host)).toBe(false);
});

test.each([
  ["postgres://localhost/db", true],
  ["postgres://u:p@127.0.0.1:5432/db", true],
  ["postgres://[::1]/db", true],
  ["postgres:///db", true],
  ["postgres://%2Fvar%2Frun%2Fpostgresql/db", true],
  ["postgres://localhost/db?host=/var/run/postgresql", true],
  ["postgres://localhost/db?host=db.example.com", false],
  ["postgres://db.example.com/db?host=localhost", true],
  ["postgres://db.example.com/db", false],
])("%s is a database on this machine: %s", (url, isLocal) => {
  expect(isLocalDatabase(new URL(url))).toBe(isLocal);
});
