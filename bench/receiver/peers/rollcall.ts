import { startReceiver } from "../../../src/receiver/receiver.ts";

// The receiver as it is shipped: on disk, journal on.
const [, , data = ":memory:", token = ""] = process.argv;
const receiver = await startReceiver({
  port: 0,
  data,
  tenants: [{ name: "main", path: "/scim/v2", dialect: "lenient", tokens: [token] }],
});
console.log(receiver.tenants[0]?.baseUrl);
process.once("SIGINT", () => void receiver.close());
