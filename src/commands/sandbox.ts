import type { Command } from "commander";

export function register(program: Command): void {
  program.command("sandbox").description("the simulated tenants and the offline engine");
}
