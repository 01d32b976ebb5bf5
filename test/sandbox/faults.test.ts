import { expect, it } from "vitest";
import { Faults } from "../../src/sandbox/faults.ts";
import { RequestLog } from "../../src/sandbox/request-log.ts";

it("befalls the requests it matches, as often as it says, after those it skips", () => {
  const faults = new Faults();
  faults.arm({ method: "post", path: "/jobs$", times: 2, skip: 1, effect: { answer: 503 } });
  const struck = ["POST /jobs", "GET /jobs", "POST /jobs", "POST /jobs/1", "POST /jobs", "POST /jobs"].map(
    (call) => {
      const [method = "", path = ""] = call.split(" ");
      return faults.strike(method, path) !== undefined;
    },
  );
  expect(struck).toEqual([false, false, true, false, true, false]);
});

it("takes faults in the order of their arming and lets them be disarmed", () => {
  const faults = new Faults();
  const first = faults.arm({ path: "x", effect: { drop: "before" } });
  faults.arm({ path: "x", effect: { answer: 429, retryAfter: 3 } });
  expect(faults.disarm(first)).toBe(true);
  expect(faults.disarm(first)).toBe(false);
  expect(faults.strike("GET", "/x")).toEqual({ answer: 429, retryAfter: 3 });
  faults.arm({ path: "x", effect: { drop: "after" } });
  faults.clear();
  expect(faults.strike("GET", "/x")).toBeUndefined();
});

it.each([
  [{ path: "x", effect: { answer: 418 } }],
  [{ path: "x", effect: { drop: "during" } }],
  [{ path: "x", times: 0, effect: { answer: 500 } }],
  [{ path: "x", skip: -1, effect: { answer: 500 } }],
  [{ path: "x" }],
  [{ path: "(", effect: { answer: 500 } }],
])("refuses a fault that cannot be carried out: %j", (fault) => {
  expect(() => new Faults().arm(fault as never)).toThrow();
});

it("counts reads, writes and exchanges", () => {
  const log = new RequestLog([/\/\$batch$/]);
  const add = (method: string, path: string, batched = false) =>
    log.add({ method, path, status: 200, batched });
  add("GET", "/users");
  add("POST", "/$batch");
  add("POST", "/users", true);
  add("DELETE", "/users/1");
  expect(log.counts()).toEqual({ reads: 2, writes: 2, exchanges: 3 });
  expect(log.writes().map(({ number }) => number)).toEqual([3, 4]);
  log.clear();
  expect(log.counts()).toEqual({ reads: 0, writes: 0, exchanges: 0 });
});
