import { expect, it } from "vitest";
import { secretVariable } from "../../src/spec/secret-names.ts";

it.each([
  ["datahubScimToken", "ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN"],
  ["token", "ROLLCALL_SECRET_TOKEN"],
  ["om2Token", "ROLLCALL_SECRET_OM2_TOKEN"],
  ["scim-token_2", "ROLLCALL_SECRET_SCIM_TOKEN_2"],
])("the secret %s is %s in the environment", (name, variable) => {
  expect(secretVariable(name)).toBe(variable);
});
