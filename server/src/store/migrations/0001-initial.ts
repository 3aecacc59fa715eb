import { index, type Migration, table } from "./definition.ts";

export const initial: Migration = {
  name: "0001-initial",
  steps: [
    table("counters", { name: "text", count: "integer", until_ms: "bigint" }, ["name"]),
    index("counters", ["until_ms"]),

    table(
      "user_pools",
      {
        id: "text",
        name: "text",
        settings: "text",
        extensions: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
        deleted_at_ms: "bigint null",
      },
      ["id"],
    ),

    table(
      "user_pool_clients",
      {
        id: "text",
        user_pool_id: "text",
        name: "text",
        secret: "text null",
        settings: "text",
        extensions: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["id"],
    ),
    index("user_pool_clients", ["user_pool_id", "id"]),

    table(
      "users",
      {
        user_pool_id: "text",
        id: "text",
        username: "text",
        username_key: "text",
        status: "text",
        enabled: "integer",
        attributes: "text",
        password_hash: "text null",
        srp_salt: "text null",
        srp_verifier: "text null",
        temporary_password_expires_at_ms: "bigint null",
        tokens_valid_from_ms: "bigint default 0",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "id"],
    ),
    index("users", ["user_pool_id", "username_key"], "unique"),
    index("users", ["user_pool_id", "created_at_ms", "id"]),
    index("users", ["user_pool_id", "status", "id"]),
    index("users", ["user_pool_id", "enabled", "id"]),

    table(
      "user_aliases",
      { user_pool_id: "text", kind: "text", fold_key: "text", user_id: "text" },
      ["user_pool_id", "kind", "fold_key"],
    ),
    index("user_aliases", ["user_pool_id", "user_id"]),

    table(
      "user_attributes",
      { user_pool_id: "text", name: "text", user_id: "text", value: "text" },
      ["user_pool_id", "name", "user_id"],
    ),
    index("user_attributes", ["user_pool_id", "name", "value", "user_id"]),
    index("user_attributes", ["user_pool_id", "user_id"]),

    table(
      "groups",
      {
        user_pool_id: "text",
        name: "text",
        description: "text null",
        role_arn: "text null",
        precedence: "integer null",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "name"],
    ),
    table(
      "group_members",
      { user_pool_id: "text", group_name: "text", user_id: "text", added_at_ms: "bigint" },
      ["user_pool_id", "group_name", "user_id"],
    ),
    // By name as well: SQLite would rather walk all members of the pool in order than sort the groups of one.
    index("group_members", ["user_pool_id", "user_id", "group_name"]),

    table(
      "codes",
      {
        user_pool_id: "text",
        user_id: "text",
        purpose: "text",
        mac: "text",
        target: "text null",
        attempts: "integer",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["user_pool_id", "user_id", "purpose"],
    ),
    index("codes", ["expires_at_ms"]),

    table(
      "lockouts",
      {
        user_pool_id: "text",
        subject: "text",
        failures: "integer",
        last_failed_at_ms: "bigint",
        locked_until_ms: "bigint",
      },
      ["user_pool_id", "subject"],
    ),
    index("lockouts", ["last_failed_at_ms"]),

    table(
      "challenges",
      {
        handle_hash: "text",
        secret_block_hash: "text null",
        user_pool_id: "text",
        client_id: "text",
        user_id: "text null",
        username: "text",
        name: "text",
        state: "text",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["handle_hash"],
    ),
    index("challenges", ["secret_block_hash"], "unique"),
    index("challenges", ["user_pool_id", "user_id"]),
    index("challenges", ["expires_at_ms"]),

    table(
      "token_families",
      {
        id: "text",
        user_pool_id: "text",
        client_id: "text",
        user_id: "text",
        auth_time_ms: "bigint",
        scope: "text",
        expires_at_ms: "bigint",
        revoked_at_ms: "bigint null",
        created_at_ms: "bigint",
      },
      ["id"],
    ),
    index("token_families", ["user_pool_id", "user_id"]),
    index("token_families", ["user_pool_id", "client_id"]),
    index("token_families", ["expires_at_ms"]),

    table(
      "refresh_tokens",
      {
        token_hash: "text",
        family_id: "text",
        user_pool_id: "text",
        user_id: "text",
        issued_at_ms: "bigint",
        expires_at_ms: "bigint",
        replaced_at_ms: "bigint null",
      },
      ["token_hash"],
    ),
    index("refresh_tokens", ["user_pool_id", "user_id"]),
    index("refresh_tokens", ["expires_at_ms"]),

    table(
      "signing_keys",
      {
        kid: "text",
        user_pool_id: "text",
        token_use: "text",
        state: "text",
        public_jwk: "text",
        private_key: "text",
        created_at_ms: "bigint",
        drop_at_ms: "bigint null",
      },
      ["kid"],
    ),
    index("signing_keys", ["user_pool_id"]),

    table(
      "audit_events",
      {
        id: "text",
        at_ms: "bigint",
        user_pool_id: "text null",
        event: "text",
        seq: "bigint null",
        hash: "text null",
      },
      ["id"],
    ),
    index("audit_events", ["seq"], "unique"),
    index("audit_events", ["user_pool_id", "at_ms"]),
    table("audit_digests", { seq: "bigint", hash: "text", at_ms: "bigint", signature: "text" }, [
      "seq",
    ]),

    table(
      "outbox",
      {
        id: "text",
        user_pool_id: "text",
        user_id: "text null",
        body: "text",
        attempts: "integer",
        next_attempt_at_ms: "bigint",
        created_at_ms: "bigint",
        failed_at_ms: "bigint null",
      },
      ["id"],
    ),
    index("outbox", ["next_attempt_at_ms"]),
    index("outbox", ["user_pool_id", "user_id"]),

    table(
      "deletions",
      {
        id: "text",
        user_pool_id: "text",
        user_id: "text null",
        client_id: "text null",
        verifiers_only: "integer null",
        created_at_ms: "bigint",
      },
      ["id"],
    ),

    table(
      "stacks",
      {
        name: "text",
        template: "text",
        status: "text",
        outputs: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["name"],
    ),
    table(
      "stack_resources",
      {
        stack_name: "text",
        logical_id: "text",
        type: "text",
        physical_id: "text",
        properties: "text",
        state: "text",
      },
      ["stack_name", "logical_id"],
    ),
  ],
};
