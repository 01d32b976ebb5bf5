import { driftTests, driftWorld } from "../drift/drift-tests.ts";
import { withPulumi } from "./with-pulumi.ts";

withPulumi("drift", () => {
  driftTests(driftWorld("real"));
});
