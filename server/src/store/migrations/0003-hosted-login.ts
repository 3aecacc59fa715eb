import { column, index, type Migration, table } from "./definition.ts";

export const hostedLogin: Migration = {
  name: "0003-hosted-login",
  steps: [
    // What an OAuth grant adds to what the API's sign-ins have.
    column("token_families", "login_session_id", "text null"),
    column("token_families", "dpop_jkt", "text null"),
    column("token_families", "resource", "text null"),

    table(
      "user_pool_domains",
      {
        domain: "text",
        user_pool_id: "text",
        is_custom: "integer",
        settings: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["domain"],
    ),
    index("user_pool_domains", ["user_pool_id"]),

    table(
      "resource_servers",
      {
        user_pool_id: "text",
        identifier: "text",
        name: "text",
        scopes: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "identifier"],
    ),

    table(
      "managed_login_brandings",
      {
        user_pool_id: "text",
        client_id: "text",
        id: "text",
        uses_defaults: "integer",
        settings: "text null",
        assets: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "client_id"],
    ),

    table(
      "managed_login_assets",
      {
        user_pool_id: "text",
        client_id: "text",
        name: "text",
        bytes: "text",
        created_at_ms: "bigint",
      },
      ["user_pool_id", "client_id", "name"],
    ),

    table(
      "ui_customizations",
      {
        user_pool_id: "text",
        client_id: "text",
        css: "text null",
        css_version: "text",
        image: "text null",
        image_hash: "text null",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "client_id"],
    ),

    table(
      "terms",
      {
        user_pool_id: "text",
        id: "text",
        client_id: "text",
        name: "text",
        settings: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "id"],
    ),
    index("terms", ["user_pool_id", "client_id", "name"], "unique"),

    table(
      "authorization_codes",
      {
        code_hash: "text",
        user_pool_id: "text",
        client_id: "text",
        user_id: "text",
        granted: "text",
        family_id: "text null",
        redeemed_at_ms: "bigint null",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["code_hash"],
    ),
    index("authorization_codes", ["user_pool_id", "user_id"]),

    table(
      "login_sessions",
      {
        handle_hash: "text",
        id: "text",
        user_pool_id: "text",
        user_id: "text",
        password_hash: "text null",
        factors: "text",
        source_ip: "text",
        user_agent: "text",
        auth_time_ms: "bigint",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["handle_hash"],
    ),
    index("login_sessions", ["user_pool_id", "user_id"]),

    table(
      "login_flows",
      {
        handle_hash: "text",
        user_pool_id: "text",
        client_id: "text",
        user_id: "text null",
        browser_hash: "text",
        state: "text",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["handle_hash"],
    ),

    table(
      "pushed_requests",
      {
        handle_hash: "text",
        user_pool_id: "text",
        client_id: "text",
        parameters: "text",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["handle_hash"],
    ),

    table(
      "device_authorizations",
      {
        device_code_hash: "text",
        user_code_hash: "text",
        user_pool_id: "text",
        client_id: "text",
        user_id: "text null",
        state: "text",
        requested: "text",
        granted: "text null",
        interval_seconds: "integer",
        polled_at_ms: "bigint null",
        created_at_ms: "bigint",
        expires_at_ms: "bigint",
      },
      ["device_code_hash"],
    ),
    index("device_authorizations", ["user_pool_id", "user_code_hash"], "unique"),

    table("used_ids", { user_pool_id: "text", id_hash: "text", until_ms: "bigint" }, [
      "user_pool_id",
      "id_hash",
    ]),

    table(
      "consents",
      {
        user_pool_id: "text",
        user_id: "text",
        client_id: "text",
        scopes: "text",
        created_at_ms: "bigint",
        modified_at_ms: "bigint",
      },
      ["user_pool_id", "user_id", "client_id"],
    ),

    table(
      "logout_notices",
      {
        id: "text",
        user_pool_id: "text",
        client_id: "text",
        sub: "text",
        login_session_id: "text",
        attempts: "integer",
        next_attempt_at_ms: "bigint",
        created_at_ms: "bigint",
        failed_at_ms: "bigint null",
      },
      ["id"],
    ),
    index("logout_notices", ["next_attempt_at_ms"]),
  ],
};
