import { createInterface } from "node:readline";

/** Asks one question at a time and takes a line for each. */
export interface Interview {
  /** @throws when the person ends the interview instead of answering */
  ask(question: string): Promise<string>;
  close(): void;
}

/** Lines that are pasted ahead of their question are kept for it. */
export function interview(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Interview {
  const terminal = createInterface({ input, output });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    async ask(question) {
      terminal.setPrompt(question);
      terminal.prompt();
      const { value, done } = await lines.next();
      if (done) throw new Error("The questions were broken off, and nothing was written.");
      return value;
    },
    close: () => terminal.close(),
  };
}
