/** What API Gateway answers in place of an API: AWS's texts as observed, else see docs/decisions/unverified.md. */
import { ServiceError } from "./service-error.ts";

export const unauthorized = (): ServiceError =>
  new ServiceError("UnauthorizedException", "Unauthorized");
export const incomingTokenExpired = (): ServiceError =>
  new ServiceError("UnauthorizedException", "The incoming token has expired");
export const accessDenied = (): ServiceError =>
  new ServiceError("AccessDeniedException", "User is not authorized to access this resource");
/** The API has no such method and path; the words are AWS's, whoever reads them. */
export const missingAuthenticationToken = (): ServiceError =>
  new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
/** No such API or stage. */
export const forbidden = (): ServiceError => new ServiceError("ForbiddenException", "Forbidden");
export const internalServerError = (): ServiceError =>
  new ServiceError("InternalServerErrorException", "Internal server error", { fault: "server" });
