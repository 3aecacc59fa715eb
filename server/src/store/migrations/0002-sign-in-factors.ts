import { column, index, type Migration, table } from "./definition.ts";

export const signInFactors: Migration = {
  name: "0002-sign-in-factors",
  steps: [
    column("users", "factors", "text null"),
    // What the sign-in was made with and from where, for the lists of sessions and devices.
    column("token_families", "session_id", "text null"),
    column("token_families", "device_key", "text null"),
    column("token_families", "factors", "text null"),
    column("token_families", "source_ip", "text null"),
    column("token_families", "user_agent", "text null"),
    column("token_families", "last_active_at_ms", "bigint null"),

    table(
      "software_tokens",
      {
        user_pool_id: "text",
        user_id: "text",
        state: "text",
        secret: "text",
        friendly_name: "text null",
        last_step: "bigint",
        created_at_ms: "bigint",
      },
      ["user_pool_id", "user_id", "state"],
    ),

    table(
      "recovery_codes",
      { user_pool_id: "text", user_id: "text", mac: "text", created_at_ms: "bigint" },
      ["user_pool_id", "user_id", "mac"],
    ),

    table(
      "passkeys",
      {
        user_pool_id: "text",
        credential_id: "text",
        user_id: "text",
        public_key: "text",
        sign_count: "bigint",
        relying_party_id: "text",
        friendly_name: "text",
        attachment: "text null",
        transports: "text",
        user_verified: "integer",
        backup_eligible: "integer",
        created_at_ms: "bigint",
        last_used_at_ms: "bigint null",
      },
      ["user_pool_id", "credential_id"],
    ),
    index("passkeys", ["user_pool_id", "user_id", "created_at_ms"]),

    table(
      "devices",
      {
        user_pool_id: "text",
        user_id: "text",
        device_key: "text",
        group_key: "text",
        name: "text null",
        salt: "text null",
        verifier: "text null",
        status: "text",
        last_ip: "text",
        user_agent: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
        last_authenticated_at_ms: "bigint",
      },
      ["user_pool_id", "user_id", "device_key"],
    ),

    table(
      "previous_passwords",
      {
        user_pool_id: "text",
        user_id: "text",
        replaced_at_ms: "bigint",
        password_hash: "text",
      },
      ["user_pool_id", "user_id", "replaced_at_ms"],
    ),

    table(
      "auth_events",
      {
        user_pool_id: "text",
        user_id: "text",
        at_ms: "bigint",
        id: "text",
        type: "text",
        response: "text",
        event: "text",
        feedback: "text null",
      },
      ["user_pool_id", "user_id", "at_ms", "id"],
    ),
    index("auth_events", ["at_ms"]),

    table(
      "functions",
      {
        region: "text",
        name: "text",
        kind: "text",
        target: "text",
        handler: "text",
        secrets: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["region", "name"],
    ),

    table(
      "function_permissions",
      {
        region: "text",
        function_name: "text",
        statement_id: "text",
        principal: "text",
        source_arn: "text null",
        source_account: "text null",
      },
      ["region", "function_name", "statement_id"],
    ),
  ],
};
