import type { Ask } from "../../src/program/ask.ts";
import type { ResolvedPrincipal } from "../../src/provider/contract.ts";

/** Look-ups by token, as the provider answers them; one that is not here is an error. */
export function answering(answers: Record<string, (args: never) => unknown>): Ask {
  return async (token, args) => {
    const answer = answers[token];
    if (!answer) throw new Error(`Not expected: ${token}`);
    return answer(args as never) as never;
  };
}

/** Finds everybody; of those in `principals`, what stands there. */
export function resolving(principals: Record<string, Partial<ResolvedPrincipal>>) {
  return ({
    principals: asked,
  }: {
    principals: { kind: "user" | "group"; name: string; id?: string }[];
  }) => ({
    principals: asked.map(({ kind, name, id }) => ({
      kind,
      name,
      id: id ?? `id of ${name}`,
      displayName: name,
      candidates: [],
      ...principals[name],
    })),
  });
}
