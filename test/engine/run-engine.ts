/** Runs the engine with the options of its first argument and this process's environment; prints the result as JSON. */
import { type EngineOptions, runEngine } from "../../src/sandbox/engine/index.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as EngineOptions;
const result = await runEngine({ ...options, env: process.env });
process.stdout.write(JSON.stringify(result));
process.exitCode = result.exitCode;
