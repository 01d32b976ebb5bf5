import ora from "ora";
import { hasColour, paint } from "./terminal.ts";

/** Says what is going on while it lasts: a spinner on a terminal, one line when it is done in a log, nothing when `quiet`. */
export async function progress<T>(
  what: string,
  work: () => Promise<T>,
  options: { quiet?: boolean; done?: (result: T) => string } = {},
): Promise<T> {
  if (options.quiet) return work();
  const spinner =
    process.stdout.isTTY && process.stdout.columns > 0
      ? ora({
          text: what,
          stream: process.stdout,
          discardStdin: false,
          color: hasColour(process.stdout) ? "cyan" : false,
        }).start()
      : undefined;
  const end = (style: "green" | "red", mark: string, text: string) => {
    spinner?.stop();
    process.stdout.write(`  ${paint(style, mark)} ${text}\n`);
  };
  try {
    const result = await work();
    end("green", "✓", options.done?.(result) ?? what);
    return result;
  } catch (error) {
    end("red", "✗", what);
    throw error;
  }
}
