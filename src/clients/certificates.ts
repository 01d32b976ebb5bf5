import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/**
 * Trusts the certificates in `file` (PEM) beside those that Node.js trusts, for the whole process. The azuread and okta
 * providers, being Go programs, read SSL_CERT_FILE by themselves; Node.js does not.
 */
export function trustCertificateFile(file: string): void {
  const pem = readFileSync(file, "utf8").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!pem) throw new Error(`SSL_CERT_FILE names ${file}, which holds no certificate in PEM form.`);
  const trusted = new Set(getCACertificates("default"));
  const added = pem.filter((certificate) => !trusted.has(certificate));
  if (added.length > 0) setDefaultCACertificates([...trusted, ...added]);
}
