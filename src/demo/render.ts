import { paint, table } from "../commands/terminal.ts";
import { findProduct } from "../products/registry.ts";
import type { ApplicationReport } from "./application-report.ts";

const COLUMNS = ["users", "groups", "memberships", "roles"] as const;
const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" };

/** Expected against arrived, one application a line. */
export function applicationTable(reports: ApplicationReport[]): string {
  const rows = reports.map((report) => [
    `  ${report.mismatches.length === 0 ? paint("green", "✓") : paint("red", "✗")} ${report.name}`,
    findProduct(report.product)?.title ?? report.product,
    PROVIDERS[report.idp],
    ...COLUMNS.map((column) => `${report.arrived[column]} of ${report.expected[column]}`),
  ]);
  return table([["    application", "product", "identity provider", ...COLUMNS], ...rows], [3, 4, 5, 6]);
}
