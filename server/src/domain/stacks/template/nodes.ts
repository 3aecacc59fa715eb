import type { Place } from "./template-error.ts";

/** A single value; `text` is how it reads as a string, whatever type YAML gave it. */
export interface Scalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean;
  readonly text: string;
  readonly at: Place;
  /** Made by a function and not written as it is, so no message may quote it. */
  readonly computed?: true;
  /** Holds all or part of a NoEcho parameter's value. */
  readonly noEcho?: true;
}

export interface List<T> {
  readonly kind: "list";
  readonly items: readonly T[];
  readonly at: Place;
}

/** Entries are in a Map, so a key such as `constructor` is only ever a key. */
export interface Mapping<T> {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry<T>>;
  readonly at: Place;
}

export interface Entry<T> {
  readonly keyAt: Place;
  readonly value: T;
}

/** What stands in a template or comes of evaluating it: values with their places, no functions. */
export type Data = Scalar | List<Data> | Mapping<Data>;

/** The plain JavaScript value of data, numbers and booleans as YAML reads them. */
export function plainValue(data: Data): unknown {
  switch (data.kind) {
    case "scalar":
      return data.value;
    case "list":
      return data.items.map(plainValue);
    case "map":
      return Object.fromEntries(
        [...data.entries].map(([key, { value }]) => [key, plainValue(value)]),
      );
  }
}

/** Calls `visitor` with every scalar below and at `data`. */
export function visitScalars(data: Data, visitor: (scalar: Scalar) => void): void {
  switch (data.kind) {
    case "scalar":
      visitor(data);
      return;
    case "list":
      for (const item of data.items) {
        visitScalars(item, visitor);
      }
      return;
    case "map":
      for (const { value } of data.entries.values()) {
        visitScalars(value, visitor);
      }
  }
}
