/** How a type of resource is found, made, changed and removed. */
import { ServiceError } from "../../errors/service-error.ts";
import type { AdminCall } from "../call.ts";
import type { Place } from "./template/template-error.ts";

/** A resource to be made or changed. */
export type Wanted<P> = {
  readonly properties: P;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** What CloudFormation invents where the template gives no name. */
  readonly defaultName: string;
  /** Where the template declares it. */
  readonly at: Place;
};

export type Existing<P> = { readonly physicalId: string; readonly properties: P };

export type ResourceType<P> = {
  /** The id that a new one is to have, or a name by which it will be found. */
  chooseId(call: AdminCall, wanted: Wanted<P>): string;
  /** What Fn::GetAtt gives, by name; nothing where the type has no attributes. */
  attributes?(call: AdminCall, physicalId: string): Readonly<Record<string, string>>;
  exists(call: AdminCall, resource: Existing<P>): Promise<boolean>;
  /** Answers the physical id. */
  make(call: AdminCall, wanted: Wanted<P>, chosenId: string): Promise<string>;
  /** Absent where every change asks for a new one. */
  change?(call: AdminCall, existing: Existing<P>, wanted: Wanted<P>): Promise<void>;
  remove(call: AdminCall, existing: Existing<P>): Promise<void>;
};

const missing = ["ResourceNotFoundException", "UserNotFoundException"];

/** What an operation answers, or undefined where it says that there is no such thing. */
export async function foundBy<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceError && missing.includes(error.code)) return undefined;
    throw error;
  }
}
