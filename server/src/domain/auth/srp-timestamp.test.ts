import { describe, expect, it } from "vitest";
import { parseSrpTimestamp } from "./srp-timestamp.ts";

describe("parseSrpTimestamp", () => {
  it.each([
    ["Mon Nov 23 06:30:16 UTC 2026", "2026-11-23T06:30:16Z"],
    ["Thu Jan 1 00:00:00 UTC 2026", "2026-01-01T00:00:00Z"],
    ["Thu Feb 29 23:59:59 UTC 2024", "2024-02-29T23:59:59Z"],
    ["Sun Mar 1 12:05:09 UTC 2026", "2026-03-01T12:05:09Z"],
  ])("reads %s, which is canonical", (timestamp, iso) => {
    expect(parseSrpTimestamp(timestamp)).toEqual({
      epochMs: Date.parse(iso),
      canonical: timestamp,
    });
  });

  it.each([
    ["a zero in front of the day", "Sat Sep 05 10:00:00 UTC 2026", "Sat Sep 5 10:00:00 UTC 2026"],
    ["the wrong weekday", "Mon Sep 5 10:00:00 UTC 2026", "Sat Sep 5 10:00:00 UTC 2026"],
  ])("reads one with %s, which is not canonical", (_, timestamp, canonical) => {
    expect(parseSrpTimestamp(timestamp)?.canonical).toBe(canonical);
  });

  it.each([
    "",
    "now",
    "2026-11-23T06:30:16Z",
    "Mon Nov 23 06:30:16 2026",
    "Mon Nov 23 06:30:16 GMT 2026",
    "Mon Nov 23 06:30:16 +05:30 2026",
    "Mon Nov 23 6:30:16 UTC 2026",
    "Mon Nov 23 06:30 UTC 2026",
    "Mon Nov 23 06:30:16 UTC 26",
    "Mon Nov 23 06:30:16 UTC 2026 ",
    " Mon Nov 23 06:30:16 UTC 2026",
    "Mon Nov 23 06:30:16 UTC 2026\n",
    "mon nov 23 06:30:16 utc 2026",
    "Mo Nov 23 06:30:16 UTC 2026",
    "Montag Nov 23 06:30:16 UTC 2026",
    "Mon Nov 0 06:30:16 UTC 2026",
    "Mon Nov 31 06:30:16 UTC 2026",
    "Sun Feb 29 06:30:16 UTC 2026",
    "Mon Nov 23 24:00:00 UTC 2026",
    "Mon Nov 23 06:60:16 UTC 2026",
    "Mon Nov 23 06:30:60 UTC 2026",
    "Mon Nov ٢٣ 06:30:16 UTC 2026",
  ])("refuses %j", (timestamp) => {
    expect(parseSrpTimestamp(timestamp)).toBeUndefined();
  });
});
