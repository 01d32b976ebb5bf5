import type { Product } from "../products/product.ts";

/** Hosts that never leave the machine, and `.example`, which RFC 2606 keeps from ever being one. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || /^127(\.\d+){3}$/.test(host) || host === "[::1]"
  );
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Host and port. A dot at its end, which only says that the name is complete, does not make it another host. */
export function hostOf(url: URL): string {
  return url.host.replace(/\.(?=:\d+$|$)/, "");
}

/** The SCIM base URL without a trailing slash. An endpoint that already ends in the product's path is taken as it is. */
export function scimUrlOf(product: Product, endpoint: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, "");
  const { scimPath } = product.endpoint;
  return `${url.origin}${scimPath !== "" && path.endsWith(scimPath) ? path : path + scimPath}`;
}
