// Takes docs/pictures/receiver.png: the receiver's page after the demo's provisioning. Needs Chromium (CHROMIUM names it).
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { Stage } from "../src/demo/stage.ts";
import { toDesiredState } from "../src/desired/desired-state.ts";
import { loadDirectory } from "../src/directory/load.ts";
import { loadSpec } from "../src/spec/load.ts";

const root = join(import.meta.dirname, "..");
const spec = join(root, "config/sandbox.yaml");
const checked = loadSpec(spec).spec;
const { directories } = loadDirectory(join(root, "config/directory.sandbox.yaml"));
if (!checked || !directories)
  throw new Error("The sandbox's own spec or people are wrong: npx rollcall validate config/sandbox.yaml");

const stage = await Stage.open({
  spec,
  desired: toDesiredState(checked),
  directories,
  kindness: { kind: true },
});
try {
  await stage.run("up");
  await stage.provision();
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
    defaultViewport: { width: 1180, height: 490, deviceScaleFactor: 1 },
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${stage.sandbox.receiver.url}/`);
    await page.type("#token", stage.sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? "");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#user-rows tr");
    await page.click("#tab-product");
    await page.waitForSelector("#people-rows tr");
    await page.screenshot({ path: join(root, "docs/pictures/receiver.png") });
  } finally {
    await browser.close();
  }
} finally {
  await stage.close();
}
