import { isIPv4 } from "node:net";

/** The sandbox's name service: turns the URL that a tenant was given into the one to connect to. */
export type Outbound = (url: string) => string;

/**
 * Resolves by the longest prefix of `routes`: `{"https://datahub.sandbox.example": "http://127.0.0.1:8080/datahub"}` sends
 * `https://datahub.sandbox.example/gms/x` to `http://127.0.0.1:8080/datahub/gms/x`. Others stay as they are.
 */
export function outboundRoutes(routes: Record<string, string>): Outbound {
  const prefixes = Object.entries(routes)
    .map(([from, to]) => ({ from: from.replace(/\/+$/, ""), to: to.replace(/\/+$/, "") }))
    .sort((a, b) => b.from.length - a.from.length);
  return (url) => {
    const route = prefixes.find(
      ({ from }) => url === from || (/^[/?#]/.test(url.slice(from.length)) && url.startsWith(from)),
    );
    return route ? route.to + url.slice(route.from.length) : url;
  };
}

/** Whether a URL leads to this machine itself. The sandbox connects to nothing else: it must never carry a token away. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}
