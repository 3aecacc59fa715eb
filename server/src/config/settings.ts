/** Every setting with what it is for and, in brackets, what holds without it. */
export const settingTexts = {
  POOLHOUSE_DATA_DIR: "folder of the database, certificates and credentials (.poolhouse)",
  POOLHOUSE_DATABASE_URL: "postgres://USER:PASSWORD@HOST/DATABASE (SQLite in the data directory)",
  POOLHOUSE_LISTEN:
    "HOST:PORT for TLS; serve also takes http://HOST:PORT on loopback and unix:/PATH (127.0.0.1:8443)",
  POOLHOUSE_HTTP_LISTEN: "dev only: HOST:PORT on loopback for plain HTTP besides (off)",
  POOLHOUSE_PUBLIC_URL: "where clients reach the server (https://localhost and the port)",
  POOLHOUSE_TLS_CERT_FILE: "serve only: certificate chain in PEM (a certificate for localhost)",
  POOLHOUSE_TLS_KEY_FILE: "serve only: its private key in PEM",
  POOLHOUSE_REGION: "AWS region that pool ids begin with (us-east-1)",
  POOLHOUSE_ACCOUNT_ID: "AWS account id, 12 digits, fixed at the first start (made then)",
  POOLHOUSE_ROOT_ACCESS_KEY_ID: "root access key (dev makes one; serve: poolhouse keys init)",
  POOLHOUSE_ROOT_SECRET_ACCESS_KEY: "root secret access key (the same)",
  POOLHOUSE_MASTER_KEY_FILE:
    "opens the secrets in the database (dev: in the data directory; serve: poolhouse keys init)",
  POOLHOUSE_TRUSTED_PROXIES: "addresses and ranges whose X-Forwarded-For counts (none)",
  POOLHOUSE_ISSUER_MODE: "own or aws: the issuer in the tokens of new pools (own)",
  POOLHOUSE_PROFILE: "compat or hardened: the profile of new pools (dev: compat, serve: hardened)",
  POOLHOUSE_RATE_LIMITS:
    "on or off: limits by address and the requests a second of a user (dev: off, serve: on)",
  POOLHOUSE_SMTP_URL:
    "smtp://USER:PASSWORD@HOST:PORT or smtps://…; dev has its inbox besides (no mail)",
  POOLHOUSE_SMS_URL:
    "sns://ACCESS_KEY_ID@REGION, twilio://ACCOUNT_SID@api.twilio.com?from=+NUMBER or https://… (no text messages)",
  POOLHOUSE_SMS_SECRET: "its secret access key, auth token, or the key that signs",
  POOLHOUSE_FUNCTIONS_DIR:
    "folder of the modules that functions of pools may be (dev: functions beside the stack; serve: none)",
  POOLHOUSE_AWS_ACCESS_KEY_ID: "access key of AWS that calls functions which stay on Lambda (none)",
  POOLHOUSE_AWS_SECRET_ACCESS_KEY: "its secret access key",
  POOLHOUSE_LAMBDA_ENDPOINT:
    "https://HOST that speaks as AWS Lambda does (https://lambda.REGION.amazonaws.com)",
  POOLHOUSE_ALLOWED_PRIVATE_HOSTS:
    "host names and addresses, with commas between, that functions and providers may have on private networks (none)",
  POOLHOUSE_LOG_LEVEL: "info, warn, error or silent (info)",
  POOLHOUSE_DEBUG: "1 shows where an unexpected error of a command came from (off)",
} as const;

export type Setting = keyof typeof settingTexts;

/** Settings that one mode alone acts on. */
export const ofOneMode: Partial<Record<Setting, "dev" | "serve">> = {
  POOLHOUSE_HTTP_LISTEN: "dev",
  POOLHOUSE_TLS_CERT_FILE: "serve",
  POOLHOUSE_TLS_KEY_FILE: "serve",
};
