import { existsSync } from "node:fs";
import type { Browser, Page } from "puppeteer-core";
import puppeteer from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantOptions } from "../../src/receiver/receiver.ts";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { client, group, startTenant, TOKEN, user } from "./harness.ts";

const chromium = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

describe.skipIf(!chromium)("the page, in Chromium", () => {
  let tenant: Tenant;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const tenants: TenantOptions[] = [
      { name: "main", path: "/main", dialect: "datahub", tokens: [TOKEN] },
      { name: "other", path: "/other", dialect: "lenient", tokens: [TOKEN] },
    ];
    tenant = await startTenant("datahub", {}, { tenants });
    const operations = Array.from({ length: 120 }, (_, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: String(n),
      data: user(`person${n}`, { displayName: `Somebody ${n}`, roles: n % 2 ? [] : [{ value: "Reader" }] }),
    }));
    await tenant.post("/Bulk", { schemas: [SCHEMA.bulkRequest], Operations: operations });
    const [first] = (await tenant.find("Users", 'userName eq "person0"')).body.Resources;
    await tenant.post("/Groups", group('<img src=x onerror="alert(1)">', { members: [{ value: first.id }] }));
    browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== tenant.receiver.url) problems.push(`external: ${request.url()}`);
    });
    await page.goto(`${tenant.receiver.url}/`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await tenant.close();
  });

  const text = (selector: string) => page.$eval(selector, (node) => node.textContent ?? "");
  const until = (selector: string, pattern: string) =>
    page.waitForFunction(
      `new RegExp(${JSON.stringify(pattern)}).test(document.querySelector(${JSON.stringify(selector)})?.textContent ?? "")`,
    );

  it("shows nothing without a token, and refuses a wrong one", async () => {
    expect(await page.$eval("#main", (node) => node.hasAttribute("hidden"))).toBe(true);
    await page.type("#token", "wrong");
    await page.keyboard.press("Enter");
    await until("#sign-in-error", "no tenant.s here");
    expect(await text("body")).not.toContain("person0");
  });

  it("is used by keyboard alone: sign in, search, choose, change tabs", async () => {
    await page.type("#token", TOKEN);
    await page.keyboard.press("Enter");
    await until("#user-count", "^120 users");
    expect(await page.$$eval("#user-rows tr", (rows) => rows.length)).toBe(50);
    await page.keyboard.press("/");
    await page.keyboard.type("body 11");
    await until("#user-count", "^11 users");
    await page.focus("#user-rows tr");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await until("#user-detail", "person110");
    await page.focus("#tab-users");
    await page.keyboard.press("ArrowRight");
    await until("#group-count", "^1 group$");
    expect(await page.$eval("#tab-groups", (node) => node.getAttribute("aria-selected"))).toBe("true");
  });

  it("shows names as text, whatever they hold", async () => {
    expect(await text("#group-rows")).toContain("<img src=x");
    expect(await page.$("#group-rows img")).toBeNull();
  });

  it("shows requests as they come, with verdict and body, and no request of its own", async () => {
    await page.click("#tab-journal");
    await page.waitForSelector("#live.on");
    await tenant.patch("/Users/nobody", [{ op: "Replace", path: "active", value: "False" }]);
    await until("#journal-rows", "PATCH /Users/nobody");
    await page.click("#journal-rows tr");
    await until("#journal-detail", "There is|not found");
    expect(await text("#journal-rows")).not.toContain("count=50");
  });

  it("sets and clears faults", async () => {
    await page.click("#tab-faults");
    await page.click("#fault-form button");
    await until("#fault-rows", "busy");
    expect((await tenant.get("/Groups?count=1")).status).toBe(429);
    await page.click("#fault-rows button");
    await until("#fault-rows", "No fault is set");
    expect((await tenant.get("/Groups?startIndex=1&count=1")).status).toBe(200);
  });

  it("sets and clears faults of the tenant that is chosen, and of no other", async () => {
    const other = client(`${tenant.receiver.url}/other`);
    const statuses = async () => [
      (await tenant.get("/Groups?count=1")).status,
      (await other.get("/Users")).status,
    ];
    await page.select("#tenant", "other");
    await until("#facts", "speaks lenient: 0 users");
    await page.click("#fault-form button");
    await until("#fault-rows", "busy");
    expect(await statuses()).toEqual([200, 429]);
    await page.select("#tenant", "main");
    await until("#fault-rows", "No fault is set");
    await page.click("#fault-form button");
    await until("#fault-rows", "busy");
    expect(await statuses()).toEqual([429, 429]);
    await page.click("#fault-rows button");
    await until("#fault-rows", "No fault is set");
    expect(await statuses()).toEqual([200, 429]);
    tenant.receiver.faults.clearAll();
  });

  it("shows roles and teams, in the dark too", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.click("#tab-product");
    await until("#people-rows", "person0ACTIVEReader");
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground).toBe("rgb(22, 24, 28)");
  });

  it("asked nobody else for anything, and ran without an error", () => {
    expect(problems).toEqual([]);
  });
});
