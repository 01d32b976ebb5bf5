import { session as newSession } from "./engine/context.ts";
import { endWithParent } from "./engine/lifetime.ts";
import { engineLog } from "./engine/log.ts";
import { serve } from "./engine/server.ts";
import { rollcall } from "./rollcall.ts";

endWithParent(Number(process.env.ROLLCALL_ENGINE_PID) || process.ppid);
const session = newSession(process.env);
// Pulumi puts flags before the address of its engine.
const address = process.argv.slice(2).findLast((argument) => /^[^-].*:\d+$/.test(argument));
if (address) session.attach(engineLog(address));
const port = await serve(rollcall, session);
process.stdout.write(`${port}\n`);
