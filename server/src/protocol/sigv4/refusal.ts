/** The codes AWS's JSON services answer with when a signature does not authenticate a request. */
export type SignatureErrorCode =
  | "MissingAuthenticationTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "UnrecognizedClientException"
  | "ExpiredTokenException";

/** Why a request is not authenticated: AWS's code and words for the client, the true cause for the log alone. */
export type SignatureRefusal = {
  ok: false;
  code: SignatureErrorCode;
  message: string;
  detailForLog: string;
};

const maxEchoLength = 128;

/** Makes request text fit to stand in a message: printable ASCII (messages also travel as a header), bounded. */
export const echo = (text: string): string =>
  text.slice(0, maxEchoLength).replace(/[^\x20-\x7e]/g, "?");

const refuse =
  (code: SignatureErrorCode) =>
  (message: string, detailForLog: string): SignatureRefusal => ({
    ok: false,
    code,
    message,
    detailForLog,
  });

export const incompleteSignature = refuse("IncompleteSignatureException");
export const invalidSignature = refuse("InvalidSignatureException");

/** Nothing in the request claims to be a signature. */
export const missingToken = (): SignatureRefusal =>
  refuse("MissingAuthenticationTokenException")("Missing Authentication Token", "unsigned");

/** The access key or its session token is not one of ours; which of the two only the log learns. */
export const unrecognizedClient = (detailForLog: string): SignatureRefusal =>
  refuse("UnrecognizedClientException")(
    "The security token included in the request is invalid.",
    detailForLog,
  );

/** Temporary credentials past their end, told only to who proved to hold them. */
export const expiredToken = (): SignatureRefusal =>
  refuse("ExpiredTokenException")(
    "The security token included in the request is expired",
    "temporary credentials expired",
  );

/** The request is shaped in a way no AWS client shapes it. */
export const malformed = (detailForLog: string): SignatureRefusal =>
  incompleteSignature("The request signature does not conform to AWS standards.", detailForLog);

/** The signature is not the one this request would have; what AWS adds (the canonical string) stays here. */
export const mismatch = (detailForLog: string): SignatureRefusal =>
  invalidSignature(
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method. " +
      "Consult the service documentation for details.",
    detailForLog,
  );
