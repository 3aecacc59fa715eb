import { ServiceError } from "../../errors/service-error.ts";
import { type Place, TemplateError } from "./template/template-error.ts";

/** What CloudFormation calls every fault of a template. */
const code = "ValidationError";

/** A change that cannot be made, with the line that asks for it. */
export function refuseChange(at: Place, why: string): ServiceError {
  return new ServiceError(code, `${describePlace(at)}: ${why}`);
}

/** What is wrong with a request to change a stack. */
export function refuseStack(why: string): ServiceError {
  return new ServiceError(code, why);
}

/** A fault of a template as callers get it, all its lines in one message; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  return error instanceof TemplateError ? new ServiceError(code, error.message) : error;
}

/** What an operation refused while a resource was worked on, with the line of that resource. */
export function atResource(at: Place, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.code === code) return asRefusal(error);
  return new ServiceError(error.code, `${describePlace(at)}: ${error.message}`, {
    fault: error.fault,
  });
}

/** As a TemplateError begins its lines. */
function describePlace({ line, column, path }: Place): string {
  return `line ${line}, column ${column}: ${path}`;
}
