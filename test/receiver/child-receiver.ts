import { startReceiver } from "../../src/receiver/receiver.ts";

/** A receiver in its own process, for tests that kill it: `child-receiver.ts DIRECTORY TOKEN`. */
const [, , data = "", token = ""] = process.argv;
const receiver = await startReceiver({
  port: 0,
  data,
  tenants: [{ name: "main", path: "/scim/v2", dialect: "lenient", tokens: [token] }],
});
console.log(receiver.tenants[0]?.baseUrl);
process.once("SIGTERM", () => void receiver.close());
