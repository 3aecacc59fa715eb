/**
 * What user pools refuse and in which words. Texts are AWS's as observed; where none was observed the decision record
 * docs/decisions/unverified.md says so.
 */
import { ServiceError } from "./service-error.ts";

const refusal = (code: string, message: string) => (): ServiceError =>
  new ServiceError(code, message);

const refusalAbout =
  (code: string, message: (about: string) => string) =>
  (about: string): ServiceError =>
    new ServiceError(code, message(about));

const notAuthorized = (message: string) => refusal("NotAuthorizedException", message);

export const incorrectUsernameOrPassword = notAuthorized("Incorrect username or password.");
export const userIsDisabled = notAuthorized("User is disabled.");
export const passwordAttemptsExceeded = notAuthorized("Password attempts exceeded");
export const temporaryPasswordExpired = notAuthorized(
  "Temporary password has expired and must be reset by an administrator.",
);
export const secretHashMismatch = refusalAbout(
  "NotAuthorizedException",
  (clientId) => `Unable to verify secret hash for client ${clientId}`,
);
export const secretHashMissingInAuth = refusalAbout(
  "NotAuthorizedException",
  (clientId) => `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
);
export const secretHashMissing = refusalAbout(
  "NotAuthorizedException",
  (clientId) => `Client ${clientId} is configured for secret but secret was not received`,
);
export const invalidSession = notAuthorized("Invalid session for the user.");
export const sessionExpired = notAuthorized("Invalid session for the user, session is expired.");
export const sessionUsed = notAuthorized(
  "Invalid session for the user, session can only be used once.",
);
export const accessTokenRevoked = notAuthorized("Access Token has been revoked");
export const accessTokenExpired = notAuthorized("Access Token has expired");
export const invalidAccessToken = notAuthorized("Invalid Access Token");
export const accessTokenScopeMissing = notAuthorized("Access Token does not have required scopes");
export const invalidRefreshToken = notAuthorized("Invalid Refresh Token");
export const refreshTokenRevoked = notAuthorized("Refresh Token has been revoked");
export const refreshTokenExpired = notAuthorized("Refresh Token has expired");
export const refreshTokenReused = refusal(
  "RefreshTokenReuseException",
  "Refresh Token has been used more than once",
);
export const signUpNotPermitted = notAuthorized("SignUp is not permitted for this user pool");
export const cannotBeConfirmed = refusalAbout(
  "NotAuthorizedException",
  (status) => `User cannot be confirmed. Current status is ${status}`,
);
export const passwordCannotBeReset = notAuthorized(
  "User password cannot be reset in the current state.",
);
export const codesNotResendable = notAuthorized(
  "Cannot resend codes. Auto verification not turned on.",
);
export const recoveryByAdministratorOnly = notAuthorized(
  "Contact administrator to reset password.",
);
export const unauthorizedAttributeWrite = notAuthorized(
  "A client attempted to write unauthorized attribute",
);

/** Seen since 2022 (aws-saas-factory-bootcamp#67). */
export const attributeAlreadyProvided = refusalAbout(
  "NotAuthorizedException",
  (name) => `Cannot modify an already provided ${name}`,
);
/** RevokeToken has no NotAuthorizedException in its model. */
export const unauthorized = refusalAbout("UnauthorizedException", (message) => message);
export const tokenRevocationOff = refusal(
  "UnsupportedOperationException",
  "Token revocation is not enabled for this client",
);

export const userNotFound = refusal("UserNotFoundException", "User does not exist.");
export const usernameOrClientNotFound = refusal(
  "UserNotFoundException",
  "Username/client id combination not found.",
);
export const userNotConfirmed = refusal("UserNotConfirmedException", "User is not confirmed.");
export const passwordResetRequired = refusal(
  "PasswordResetRequiredException",
  "Password reset required for the user",
);
export const userAlreadyExists = refusal("UsernameExistsException", "User already exists");
export const userAccountAlreadyExists = refusal(
  "UsernameExistsException",
  "User account already exists",
);
/** Where the e-mail or phone number is the user name. */
export const accountWithAttributeExists = refusalAbout(
  "UsernameExistsException",
  (attribute) => `An account with the given ${attribute} already exists.`,
);
/** An alias at AdminCreateUser, which has no AliasExistsException. */
export const accountWithAliasExists = refusalAbout(
  "UsernameExistsException",
  (alias) => `An account with the ${alias} already exists.`,
);
export const resendNotPossible = refusalAbout(
  "UnsupportedUserStateException",
  (sub) => `Resend not possible. ${sub} status is not FORCE_CHANGE_PASSWORD.`,
);
export const aliasExistsAtConfirmation = refusalAbout(
  "AliasExistsException",
  (attribute) => `An account with the ${attribute} already exists.`,
);
export const aliasExistsAtUpdate = refusalAbout(
  "AliasExistsException",
  (attribute) => `An account with the given ${attribute} already exists.`,
);
export const codeMismatch = refusal(
  "CodeMismatchException",
  "Invalid verification code provided, please try again.",
);
export const expiredCode = refusal(
  "ExpiredCodeException",
  "Invalid code provided, please request a code again.",
);
export const attemptLimitExceeded = refusal(
  "LimitExceededException",
  "Attempt limit exceeded, please try after some time.",
);
export const tooManyRequests = refusal("TooManyRequestsException", "Rate exceeded");
export const passwordOutsidePolicy = refusalAbout(
  "InvalidPasswordException",
  (why) => `Password did not conform with policy: ${why}`,
);
/** Ours, in the hardened profile. */
export const signInNotRecent = notAuthorized("Sign in again to do this.");
export const passwordUsedBefore = refusal(
  "PasswordHistoryPolicyViolationException",
  "Password has been used before. Choose another one.",
);
export const userPoolNotFound = refusalAbout(
  "ResourceNotFoundException",
  (id) => `User pool ${id} does not exist.`,
);
export const userPoolClientNotFound = refusalAbout(
  "ResourceNotFoundException",
  (id) => `User pool client ${id} does not exist.`,
);
export const clientHasNoSecret = refusal(
  "InvalidParameterException",
  "The user pool client was created without a client secret.",
);
export const clientSecretExists = refusal(
  "InvalidParameterException",
  "The user pool client has this client secret already.",
);
export const clientSecretLimitExceeded = refusal(
  "LimitExceededException",
  "A user pool client cannot have more than 2 client secrets.",
);
export const clientSecretNotFound = refusal(
  "ResourceNotFoundException",
  "Client secret does not exist.",
);
export const lastClientSecret = refusal(
  "InvalidParameterException",
  "The last client secret of a user pool client cannot be deleted.",
);
export const invalidOAuthFlow = refusalAbout("InvalidOAuthFlowException", (message) => message);
export const scopeDoesNotExist = refusalAbout(
  "ScopeDoesNotExistException",
  (scope) => `Invalid scope requested: ${scope}`,
);
export const resourceServerNotFound = refusalAbout(
  "ResourceNotFoundException",
  (identifier) => `Resource server ${identifier} does not exist.`,
);
export const resourceServerLimitExceeded = refusal(
  "LimitExceededException",
  "The limit of resource servers per user pool is reached.",
);
export const groupNotFound = refusal("ResourceNotFoundException", "Group not found.");
export const groupExists = refusal("GroupExistsException", "A group with the name already exists");
export const groupLimitExceeded = refusalAbout(
  "LimitExceededException",
  (what) => `The limit of groups per ${what} is reached.`,
);
/** Amplify clears its device and signs in anew at exactly these words. */
export const deviceNotFound = refusal("ResourceNotFoundException", "Device does not exist.");
export const deviceKeyExists = refusal("DeviceKeyExistsException", "Device already exists.");
/** Seen with its full stop where devices are tracked (aws-sdk-java-v2#1389). */
export const refreshTokenOfOtherDevice = notAuthorized("Invalid Refresh Token.");
export const unsupportedTokenType = refusal(
  "UnsupportedTokenTypeException",
  "Unsupported token type",
);
export const codeDeliveryFailed = refusal(
  "CodeDeliveryFailureException",
  "Unable to deliver message",
);
export const concurrentModification = refusal(
  "ConcurrentModificationException",
  "Another change came at the same time. Try again.",
);
/** Seen for threat protection and passwordless sign-in (terraform-provider-aws#40734, amplify-backend#2805). */
export const featuresUnavailableInTier = (tier: string, features: string): ServiceError =>
  new ServiceError(
    "FeatureUnavailableInTierException",
    `The following features need to be disabled for the ${tier} pricing tier configured: ${features}`,
  );
/** Amplify looks for these words to say that a password is missing (createSignUpClient.ts). */
export const passwordMissing = refusal(
  "InvalidParameterException",
  "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
);
/** The Authenticator of Amplify UI goes on to sign-in at exactly these words. */
export const userAlreadyConfirmed = refusal(
  "InvalidParameterException",
  "User is already confirmed.",
);
export const noRecoveryContact = refusal(
  "InvalidParameterException",
  "Cannot reset password for the user as there is no registered/verified email or phone_number",
);
export const attributeNotVerifiable = refusal(
  "InvalidParameterException",
  "Invalid attribute name. Only phone_number and email can be verified.",
);
export const noRegisteredContact = refusalAbout(
  "InvalidParameterException",
  (contact) => `User does not have a valid registered ${contact}`,
);
export const attributesNotInSchema = refusalAbout(
  "InvalidParameterException",
  (names) => `Invalid user attributes: ${names}`,
);
/** Anything that AWS calls an InvalidParameterException; the text comes from the caller's own fact. */
export const invalidParameter = refusalAbout("InvalidParameterException", (message) => message);
export const missingRequiredParameter = refusalAbout(
  "InvalidParameterException",
  (name) => `Missing required parameter ${name}`,
);
export const flowNotEnabled = refusalAbout(
  "InvalidParameterException",
  (flow) => `${flow} is not enabled for the client.`,
);

/** Seen where DefineAuthChallenge is missing; said of the other two functions as well. */
export const customAuthNotConfigured = refusal(
  "InvalidParameterException",
  "Custom auth lambda trigger is not configured for the user pool.",
);

/** What a pool's function answered to refuse; the text is its own, made fit to be shown. */
export const userLambdaValidation = refusalAbout(
  "UserLambdaValidationException",
  (message) => message,
);
/** Seen since 2017 for a function that is gone or may not be called. */
export const lambdaInvocationFailed = (trigger: string, error: string): ServiceError =>
  new ServiceError(
    "UnexpectedLambdaException",
    `${trigger} invocation failed due to error ${error}.`,
  );
export const unrecognizableLambdaOutput = refusal(
  "InvalidLambdaResponseException",
  "Unrecognizable lambda output",
);

export const webAuthnNotEnabled = refusal(
  "WebAuthnNotEnabledException",
  "Passkeys are not enabled for this user pool.",
);
export const webAuthnConfigurationMissing = refusal(
  "WebAuthnConfigurationMissingException",
  "The user pool has no relying party id and no domain.",
);
export const webAuthnChallengeNotFound = refusal(
  "WebAuthnChallengeNotFoundException",
  "The challenge of the registration does not exist or has expired.",
);
export const webAuthnClientMismatch = refusal(
  "WebAuthnClientMismatchException",
  "The registration was started by another client.",
);
export const webAuthnCredentialNotSupported = refusal(
  "WebAuthnCredentialNotSupportedException",
  "The passkey is from a device or provider that is not supported.",
);
export const webAuthnOriginNotAllowed = refusal(
  "WebAuthnOriginNotAllowedException",
  "The origin of the passkey does not belong to the relying party of the user pool.",
);
export const webAuthnRelyingPartyMismatch = refusal(
  "WebAuthnRelyingPartyMismatchException",
  "The passkey is of another relying party than that of the user pool.",
);
export const invalidPasskeyCredential = refusal(
  "InvalidParameterException",
  "The credential is not valid.",
);
export const passkeyExists = refusal(
  "InvalidParameterException",
  "The passkey is registered already.",
);
export const passkeyLimitExceeded = refusal(
  "LimitExceededException",
  "The limit of passkeys per user is reached.",
);
export const passkeyNotFound = refusal("ResourceNotFoundException", "Passkey not found.");
/** A user whom the pool's function knows and the pool cannot take. */
export const migrationFailed = refusalAbout(
  "UserNotFoundException",
  (clientId) => `Exception migrating user in app client ${clientId}`,
);

/** Observed at CreateUserPool (aws-cdk#12075), whatever the factor that was meant. */
export const smsConfigurationRequired = refusal(
  "InvalidParameterException",
  "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
);
/** AWS, "TOTP software token MFA". */
export const softwareTokenNotAllowed = refusal(
  "SoftwareTokenMFANotFoundException",
  "Software Token MFA has not been enabled by the userPool",
);
export const softwareTokenNotFound = refusal(
  "SoftwareTokenMFANotFoundException",
  "Software Token MFA does not exist for the user.",
);
/** AdminDeleteSoftwareToken lists no code of the factor's own. */
export const noSoftwareTokenToDelete = refusal(
  "ResourceNotFoundException",
  "Software Token MFA does not exist for the user.",
);
export const softwareTokenCodeMismatch = refusal(
  "EnableSoftwareTokenMFAException",
  "Code mismatch and fail enable Software Token MFA",
);
export const noDeliveryConfigFor = refusalAbout(
  "InvalidParameterException",
  (factor) => `User does not have delivery config set to turn on ${factor}`,
);
/** Ours: whoever holds a token alone does not change what protects the account from that. */
export const secondFactorNotProved = refusal(
  "NotAuthorizedException",
  "Sign in with a second factor to change it.",
);
export const sessionTrackingOff = refusal(
  "OperationNotEnabledException",
  "User session tracking is not enabled for this user pool.",
);
/** Ours, after the API reference's description. */
export const addOnNotEnabled = refusal(
  "UserPoolAddOnNotEnabledException",
  "User pool add-ons are not enabled.",
);
/** What Cognito says to a blocked address, of a new password and at a sign-in was seen in public projects. */
export const notAllowedForSecurity = notAuthorized("Request not allowed due to security reasons.");
export const passwordCompromised = refusal(
  "InvalidPasswordException",
  "Provided password cannot be used for security reasons.",
);
export const passwordResetForSecurity = refusal(
  "PasswordResetRequiredException",
  "Password reset required for user due to security reasons",
);
export const authEventNotFound = refusal("ResourceNotFoundException", "Event does not exist.");
export const sessionNotFound = refusal("ResourceNotFoundException", "Session does not exist.");
export const ownSessionNotRevocable = refusal(
  "InvalidParameterException",
  "The current session cannot be revoked.",
);
/** AWS words a wrong code of each kind of second factor differently (amplify-js#3066, #11069). */
export const totpCodeMismatch = refusal("CodeMismatchException", "Invalid code received for user");
export const smsCodeMismatch = refusal(
  "CodeMismatchException",
  "Invalid code or auth state for the user.",
);
export const totpAlreadyUsed = refusal(
  "ExpiredCodeException",
  "Your software token has already been used once.",
);
export const onlyCustomAuth = refusal(
  "InvalidParameterException",
  "Only custom auth (lambda driven) is enabled for this client.",
);
/** Ours: what was switched on to protect the account is not replaced by whoever knows the password. */
export const secondFactorLost = refusal(
  "NotAuthorizedException",
  "The second factor cannot be used any more. Ask an administrator to switch it off.",
);
