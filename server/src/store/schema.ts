import type { Generated, Insertable, Kysely, Selectable, Updateable } from "kysely";
import type {
  AuthorizationCodeTable,
  ConsentTable,
  DeviceAuthorizationTable,
  LoginFlowTable,
  LoginSessionTable,
  LogoutNoticeTable,
  ManagedLoginAssetTable,
  ManagedLoginBrandingTable,
  PushedRequestTable,
  ResourceServerTable,
  TermsTable,
  UiCustomizationTable,
  UsedIdTable,
  UserPoolDomainTable,
} from "./hosted-login-tables.ts";

/**
 * The tables as both engines hold them. Times are milliseconds since the epoch, booleans are 0 or 1,
 * JSON is text, and every key is text: the subset that CockroachDB, YugabyteDB and Aurora DSQL also take.
 * A column marked "sealed" holds an envelope of the master key, never the secret itself.
 */
export type Schema = {
  meta: MetaTable;
  leases: LeaseTable;
  counters: CounterTable;
  user_pools: UserPoolTable;
  user_pool_clients: UserPoolClientTable;
  users: UserTable;
  user_aliases: UserAliasTable;
  user_attributes: UserAttributeTable;
  groups: GroupTable;
  group_members: GroupMemberTable;
  codes: CodeTable;
  lockouts: LockoutTable;
  challenges: ChallengeTable;
  token_families: TokenFamilyTable;
  refresh_tokens: RefreshTokenTable;
  signing_keys: SigningKeyTable;
  audit_events: AuditEventTable;
  audit_digests: AuditDigestTable;
  outbox: OutboxTable;
  deletions: DeletionTable;
  stacks: StackTable;
  stack_resources: StackResourceTable;
  software_tokens: SoftwareTokenTable;
  recovery_codes: RecoveryCodeTable;
  passkeys: PasskeyTable;
  devices: DeviceTable;
  previous_passwords: PreviousPasswordTable;
  auth_events: AuthEventTable;
  functions: FunctionTable;
  function_permissions: FunctionPermissionTable;
  user_pool_domains: UserPoolDomainTable;
  resource_servers: ResourceServerTable;
  managed_login_brandings: ManagedLoginBrandingTable;
  managed_login_assets: ManagedLoginAssetTable;
  ui_customizations: UiCustomizationTable;
  terms: TermsTable;
  authorization_codes: AuthorizationCodeTable;
  login_sessions: LoginSessionTable;
  login_flows: LoginFlowTable;
  pushed_requests: PushedRequestTable;
  device_authorizations: DeviceAuthorizationTable;
  used_ids: UsedIdTable;
  consents: ConsentTable;
  logout_notices: LogoutNoticeTable;
};

/** What every verb takes first: the store's `db`, or the handle that a transaction gives its work. */
export type Db = Kysely<Schema>;

/** A row of a table as it is read. */
export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
/** A row of a table as it is inserted; nullable columns may be left out. */
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>;
/** Columns of a table to be set. */
export type Changes<Table extends keyof Schema> = Updateable<Schema[Table]>;

type MetaTable = { name: string; value: string };

type LeaseTable = { name: string; holder: string; until_ms: number };

type CounterTable = { name: string; count: number; until_ms: number };

type UserPoolTable = {
  id: string;
  name: string;
  settings: string;
  extensions: string;
  created_at_ms: number;
  modified_at_ms: number;
  deleted_at_ms: number | null;
};

type UserPoolClientTable = {
  id: string;
  user_pool_id: string;
  name: string;
  /** Sealed. */
  secret: string | null;
  settings: string;
  extensions: string;
  created_at_ms: number;
  modified_at_ms: number;
};

type UserTable = {
  user_pool_id: string;
  /** The `sub`. */
  id: string;
  username: string;
  /** The fold key of `username`: unique in the pool. */
  username_key: string;
  status: string;
  enabled: number;
  /** A JSON object of attribute name to value. */
  attributes: string;
  password_hash: string | null;
  srp_salt: string | null;
  /** Sealed. */
  srp_verifier: string | null;
  temporary_password_expires_at_ms: number | null;
  /** A JSON object: which second factors the user has and prefers; null for none. */
  factors: string | null;
  /** Tokens issued before this time are revoked. */
  tokens_valid_from_ms: Generated<number>;
  created_at_ms: number;
  modified_at_ms: number;
};

type UserAliasTable = { user_pool_id: string; kind: string; fold_key: string; user_id: string };

/** Only the attributes that ListUsers may search by. */
type UserAttributeTable = { user_pool_id: string; name: string; user_id: string; value: string };

type GroupTable = {
  user_pool_id: string;
  name: string;
  description: string | null;
  role_arn: string | null;
  precedence: number | null;
  created_at_ms: number;
  modified_at_ms: number;
};

type GroupMemberTable = {
  user_pool_id: string;
  group_name: string;
  user_id: string;
  added_at_ms: number;
};

type CodeTable = {
  user_pool_id: string;
  user_id: string;
  purpose: string;
  mac: string;
  /** Sealed: where the code was sent, or what it confirms. */
  target: string | null;
  attempts: number;
  created_at_ms: number;
  expires_at_ms: number;
};

type LockoutTable = {
  user_pool_id: string;
  subject: string;
  failures: number;
  last_failed_at_ms: number;
  locked_until_ms: number;
};

type ChallengeTable = {
  handle_hash: string;
  secret_block_hash: string | null;
  user_pool_id: string;
  client_id: string;
  user_id: string | null;
  username: string;
  name: string;
  /** Sealed. */
  state: string;
  created_at_ms: number;
  expires_at_ms: number;
};

type TokenFamilyTable = {
  /** The `origin_jti` of its tokens. */
  id: string;
  user_pool_id: string;
  client_id: string;
  user_id: string;
  auth_time_ms: number;
  scope: string;
  expires_at_ms: number;
  revoked_at_ms: number | null;
  created_at_ms: number;
  /** As AWS names sessions; null where the pool does not track them. */
  session_id: string | null;
  device_key: string | null;
  /** A JSON list: what the sign-in proved, as domain/auth/progress.ts names it; null where that is not known. */
  factors: string | null;
  source_ip: string | null;
  user_agent: string | null;
  last_active_at_ms: number | null;
  /** The session of the browser that granted it; null for sign-ins by the API. */
  login_session_id: string | null;
  /** The thumbprint of the key that its tokens are bound to (RFC 9449); null for bearer tokens. */
  dpop_jkt: string | null;
  /** The resource that its access tokens are for (RFC 8707). */
  resource: string | null;
};

type RefreshTokenTable = {
  token_hash: string;
  family_id: string;
  user_pool_id: string;
  user_id: string;
  issued_at_ms: number;
  expires_at_ms: number;
  replaced_at_ms: number | null;
};

type SigningKeyTable = {
  kid: string;
  user_pool_id: string;
  token_use: string;
  state: string;
  public_jwk: string;
  /** Sealed. */
  private_key: string;
  created_at_ms: number;
  drop_at_ms: number | null;
};

type AuditEventTable = {
  id: string;
  at_ms: number;
  user_pool_id: string | null;
  event: string;
  /** Place in the chain, given by the sealer; null until then. */
  seq: number | null;
  hash: string | null;
};

type AuditDigestTable = { seq: number; hash: string; at_ms: number; signature: string };

type OutboxTable = {
  id: string;
  user_pool_id: string;
  user_id: string | null;
  /** Sealed. */
  body: string;
  attempts: number;
  next_attempt_at_ms: number;
  created_at_ms: number;
  failed_at_ms: number | null;
};

type DeletionTable = {
  id: string;
  user_pool_id: string;
  /** Null when the whole pool goes, or what the columns below say. */
  user_id: string | null;
  /** Set when the sign-ins by one client go. */
  client_id: string | null;
  /** 1 when only the SRP verifiers of the pool's users go. */
  verifiers_only: number | null;
  created_at_ms: number;
};

type StackTable = {
  name: string;
  template: string;
  status: string;
  outputs: string;
  created_at_ms: number;
  modified_at_ms: number;
};

type StackResourceTable = {
  stack_name: string;
  logical_id: string;
  type: string;
  physical_id: string;
  /** Sealed. */
  properties: string;
  state: string;
};

type SoftwareTokenTable = {
  user_pool_id: string;
  user_id: string;
  /** `pending` until a code of it was right, then `active`. */
  state: string;
  /** Sealed. */
  secret: string;
  friendly_name: string | null;
  /** The highest time step whose code was taken: none is taken twice. */
  last_step: number;
  created_at_ms: number;
};

type RecoveryCodeTable = {
  user_pool_id: string;
  user_id: string;
  mac: string;
  created_at_ms: number;
};

type PasskeyTable = {
  user_pool_id: string;
  /** Base64url, as the authenticator chose it. */
  credential_id: string;
  user_id: string;
  /** COSE, base64url. */
  public_key: string;
  sign_count: number;
  relying_party_id: string;
  friendly_name: string;
  attachment: string | null;
  /** A JSON list. */
  transports: string;
  /** 1 when the authenticator verified its user at registration. */
  user_verified: number;
  /** 1 when the authenticator may copy it elsewhere, which never changes (WebAuthn Level 3 §6.1.3). */
  backup_eligible: number;
  created_at_ms: number;
  last_used_at_ms: number | null;
};

type DeviceTable = {
  user_pool_id: string;
  user_id: string;
  device_key: string;
  group_key: string;
  name: string | null;
  /** Null until the device is confirmed. */
  salt: string | null;
  /** Sealed. */
  verifier: string | null;
  /** `new` until confirmed, then `remembered` or `not_remembered`. */
  status: string;
  last_ip: string;
  user_agent: string;
  created_at_ms: number;
  modified_at_ms: number;
  last_authenticated_at_ms: number;
};

type PreviousPasswordTable = {
  user_pool_id: string;
  user_id: string;
  replaced_at_ms: number;
  password_hash: string;
};

type AuthEventTable = {
  user_pool_id: string;
  user_id: string;
  at_ms: number;
  id: string;
  type: string;
  response: string;
  /** A JSON object of the further facts. */
  event: string;
  feedback: string | null;
};

type FunctionTable = {
  region: string;
  name: string;
  kind: string;
  /** The module's file, the URL, or the ARN on AWS. */
  target: string;
  /** What the module exports under this name is the function. */
  handler: string;
  /** Sealed: what signs the calls of an HTTPS endpoint and the module's variables, as JSON. */
  secrets: string;
  created_at_ms: number;
  modified_at_ms: number;
};

/** Who may call a function: a statement of what AWS calls its resource-based policy. */
type FunctionPermissionTable = {
  region: string;
  function_name: string;
  statement_id: string;
  principal: string;
  source_arn: string | null;
  source_account: string | null;
};
