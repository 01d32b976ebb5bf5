import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { ADMIN_PREFIX } from "../admin/routes.ts";

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" } as const;
const FILES = [
  "index.html",
  "style.css",
  "app.js",
  "api.js",
  "dom.js",
  "faults.js",
  "journal.js",
  "product.js",
  "resources.js",
] as const;

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** Serves the page at `/`. Its files hold no data: what it shows it asks for with the token that is typed into it. */
export function servePage(server: FastifyInstance): void {
  for (const name of FILES) {
    const text = readFileSync(new URL(name, import.meta.url), "utf8");
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1) as keyof typeof TYPES];
    server.get(name === "index.html" ? "/" : `${ADMIN_PREFIX}/page/${name}`, (_request, reply) =>
      reply.headers({ ...HEADERS, "content-type": `${type}; charset=utf-8` }).send(text),
    );
  }
}
