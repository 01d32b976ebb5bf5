import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { readTokens } from "../../src/program/settings.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();

it.each(["entra", "okta", "spec"])("never takes the stack's own rollcall:%s for a token", (secret) => {
  pulumi.runtime.setAllConfig({ [`rollcall:${secret}`]: '{"clientSecret":"of the tenant"}' });
  const { spec } = folder.overlay("applications: {}");
  if (!spec) throw new Error("base.yaml is broken");
  const state = toDesiredState(spec);
  const [application] = state.applications;
  if (!application) throw new Error("base.yaml has no application");
  const applications = [{ ...application, token: { secret } }];
  expect(() => readTokens(new pulumi.Config("rollcall"), { ...state, applications })).toThrow(
    `${secret} is no secret of a product`,
  );
});
