import { existsSync } from "node:fs";
import type { Page } from "puppeteer-core";
import puppeteer from "puppeteer-core";
import type { Server } from "./servers.ts";
import { TOKEN } from "./servers.ts";

/** Milliseconds in the page of a browser, of several tries each. The pause after the last key is part of a search. */
export interface PageTimes {
  size: number;
  /** From navigation to the first rows. */
  firstRows: number[];
  /** From the last key to the rows that match, by what was searched for. */
  searches: { matches: string; times: number[] }[];
}

const CHROMIUM = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

const TRIES = 9;

/** Searches that read much of the index, whatever they find. Texts vary, so that no answer can come from an earlier one. */
const SEARCHES: Record<string, (n: number, size: number) => string> = {
  "one user": (n, size) => `seed${size - 1 - n}@`,
  "about a hundredth": (n) => `seed ${n + 1}0`,
  "all users": (n) => "SEED"[n % 2 ? "toLowerCase" : "toUpperCase"](),
  nobody: (n) => `nobody${n}`,
};

/** @returns undefined where there is no Chromium. */
export async function measurePage(server: Server, size: number): Promise<PageTimes | undefined> {
  if (CHROMIUM === undefined) return undefined;
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const firstRows: number[] = [];
    for (let n = 0; n < TRIES; n++) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      firstRows.push(await timeFirstRows(page, server));
      await context.close();
    }
    const page = await browser.newPage();
    await timeFirstRows(page, server);
    await page.waitForNetworkIdle({ concurrency: 1 });
    const searches: PageTimes["searches"] = [];
    for (const [matches, text] of Object.entries(SEARCHES)) {
      const times: number[] = [];
      for (let n = 0; n < TRIES; n++) times.push(await timeSearch(page, text(n, size)));
      searches.push({ matches, times });
    }
    return { size, firstRows, searches };
  } finally {
    await browser.close();
  }
}

/** Opens the page, with nothing cached and the tab signed in already. */
async function timeFirstRows(page: Page, server: Server): Promise<number> {
  await page.evaluateOnNewDocument(`
    sessionStorage.setItem("rollcall-token", ${JSON.stringify(TOKEN)});
    addEventListener("DOMContentLoaded", () => {
      const rows = document.getElementById("user-rows");
      new MutationObserver((_changes, observer) => {
        if (!rows.querySelector("tr:not(.empty)")) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.firstRows = performance.now(); }));
      }).observe(rows, { childList: true });
    });`);
  await page.goto(new URL("/", server.baseUrl).href);
  const found = await page.waitForFunction("window.firstRows", { timeout: 30_000 });
  return (await found.jsonValue()) as number;
}

/** Puts a text into the search field and waits until the rows that answer it are painted. */
async function timeSearch(page: Page, text: string): Promise<number> {
  return (await page.evaluate(`new Promise((resolve) => {
    const input = document.getElementById("user-search");
    const rows = document.getElementById("user-rows");
    let started;
    new MutationObserver((_changes, observer) => {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    }).observe(rows, { childList: true });
    input.value = ${JSON.stringify(text)};
    started = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  })`)) as number;
}
