/** What the registry of functions refuses, in Lambda's words. */
import { ServiceError } from "./service-error.ts";

export const functionNotFound = (arn: string): ServiceError =>
  new ServiceError("ResourceNotFoundException", `Function not found: ${arn}`);
export const statementExists = (id: string): ServiceError =>
  new ServiceError(
    "ResourceConflictException",
    `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
export const statementNotFound = (id: string): ServiceError =>
  new ServiceError("ResourceNotFoundException", `Statement ${id} is not found in resource policy.`);
export const policyTooLong = (max: number): ServiceError =>
  new ServiceError(
    "PolicyLengthExceededException",
    `A function can have ${max} permissions at most.`,
  );
export const functionChanging = (arn: string): ServiceError =>
  new ServiceError(
    "ResourceConflictException",
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  );
export const invalidFunction = (why: string): ServiceError =>
  new ServiceError("InvalidParameterException", why);
