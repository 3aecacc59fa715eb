/** What `GET /_poolhouse/dev.json` tells about the running server. Secrets are never part of it. */
export interface DevInfo {
  publicUrl: string;
  region: string;
  /** Absolute path of the certificate authority's PEM file. */
  caFile: string;
  /** Absolute path of the file with the root access keys. */
  credentialsFile: string;
  userPools: UserPool[];
}

export interface UserPool {
  id: string;
  name: string;
  /** The kinds of name that people sign in with: `email`, `phone`, `username`. */
  loginWith: Readonly<Record<string, true>>;
  clients: UserPoolClient[];
}

export interface UserPoolClient {
  id: string;
  name: string;
  hasSecret: boolean;
}

export async function loadDevInfo(signal: AbortSignal): Promise<DevInfo> {
  const response = await fetch("/_poolhouse/dev.json", { signal });
  if (!response.ok)
    throw new Error(`The server answered ${response.status} to /_poolhouse/dev.json`);
  return response.json();
}
