// The tables of hosted login and OAuth, under the rules of schema.ts.

export type UserPoolDomainTable = {
  /** The prefix, or the whole name of a custom domain; in lower case. */
  domain: string;
  user_pool_id: string;
  is_custom: number;
  settings: string;
  created_at_ms: number;
  modified_at_ms: number;
};

export type ResourceServerTable = {
  user_pool_id: string;
  identifier: string;
  name: string;
  /** A JSON list of name and description. */
  scopes: string;
  created_at_ms: number;
  modified_at_ms: number;
};

export type ManagedLoginBrandingTable = {
  user_pool_id: string;
  client_id: string;
  id: string;
  /** 1 for Cognito's own look. */
  uses_defaults: number;
  /** A JSON object, as given; null where none was. */
  settings: string | null;
  /** A JSON list of what the images are, without their bytes. */
  assets: string;
  created_at_ms: number;
  modified_at_ms: number;
};

/** The images of managed login, one row each: a page needs one of them at a time. */
export type ManagedLoginAssetTable = {
  user_pool_id: string;
  client_id: string;
  name: string;
  /** Base64. */
  bytes: string;
  created_at_ms: number;
};

/** The look of the classic pages. */
export type UiCustomizationTable = {
  user_pool_id: string;
  /** `ALL` for every client without one of its own. */
  client_id: string;
  css: string | null;
  css_version: string;
  /** Base64. */
  image: string | null;
  image_hash: string | null;
  created_at_ms: number;
  modified_at_ms: number;
};

export type TermsTable = {
  user_pool_id: string;
  id: string;
  client_id: string;
  name: string;
  settings: string;
  created_at_ms: number;
  modified_at_ms: number;
};

export type AuthorizationCodeTable = {
  code_hash: string;
  user_pool_id: string;
  client_id: string;
  user_id: string;
  /** A JSON object: what the code stands for. */
  granted: string;
  /** The family that it was redeemed for. */
  family_id: string | null;
  redeemed_at_ms: number | null;
  created_at_ms: number;
  expires_at_ms: number;
};

/** A browser in which a user is signed in to the hosted pages. */
export type LoginSessionTable = {
  handle_hash: string;
  /** The `sid` that clients may be told. */
  id: string;
  user_pool_id: string;
  user_id: string;
  /** The password as it was at the sign-in: the session ends with it. */
  password_hash: string | null;
  /** A JSON list: what the sign-in proved. */
  factors: string;
  source_ip: string;
  user_agent: string;
  auth_time_ms: number;
  created_at_ms: number;
  expires_at_ms: number;
};

/** A sign-in under way in the hosted pages. */
export type LoginFlowTable = {
  handle_hash: string;
  user_pool_id: string;
  client_id: string;
  user_id: string | null;
  /** The browser that began it. */
  browser_hash: string;
  /** Sealed. */
  state: string;
  created_at_ms: number;
  expires_at_ms: number;
};

/** Authorization requests that clients pushed (RFC 9126). */
export type PushedRequestTable = {
  handle_hash: string;
  user_pool_id: string;
  client_id: string;
  /** A JSON object. */
  parameters: string;
  created_at_ms: number;
  expires_at_ms: number;
};

/** Sign-ins of devices without a browser (RFC 8628). */
export type DeviceAuthorizationTable = {
  device_code_hash: string;
  user_code_hash: string;
  user_pool_id: string;
  client_id: string;
  user_id: string | null;
  /** `pending`, `approved` or `denied`. */
  state: string;
  /** A JSON object: what the device asks for. */
  requested: string;
  /** A JSON object: what the user granted. */
  granted: string | null;
  interval_seconds: number;
  polled_at_ms: number | null;
  created_at_ms: number;
  expires_at_ms: number;
};

/** Identifiers that count once: of DPoP proofs and client assertions. */
export type UsedIdTable = { user_pool_id: string; id_hash: string; until_ms: number };

export type ConsentTable = {
  user_pool_id: string;
  user_id: string;
  client_id: string;
  /** Separated by spaces. */
  scopes: string;
  created_at_ms: number;
  modified_at_ms: number;
};

/** Clients that are still to be told of a logout (OpenID Connect Back-Channel Logout 1.0). */
export type LogoutNoticeTable = {
  id: string;
  user_pool_id: string;
  client_id: string;
  /** The user, who may be deleted by now. */
  sub: string;
  login_session_id: string;
  attempts: number;
  next_attempt_at_ms: number;
  created_at_ms: number;
  failed_at_ms: number | null;
};
