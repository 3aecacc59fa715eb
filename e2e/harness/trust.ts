import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** Lets every client of this process trust the server, as NODE_EXTRA_CA_CERTS does at the start of one. */
export function trust(server: { readonly ca: string }): void {
  setDefaultCACertificates([...getCACertificates("default"), server.ca]);
}
