import type { Product } from "../products/product.ts";
import { findProduct, PRODUCT_KEYS } from "../products/registry.ts";
import { listOf } from "../yaml/nearest.ts";

/** What a first spec has to know: one application with one group. */
export interface Answers {
  environment: string;
  product: string;
  idp: string;
  endpoint: string;
  /** The application's name in Entra or Okta. */
  displayName: string;
  group: string;
  /** "" where the product has no roles in Entra. */
  role: string;
}

export type Question = keyof Answers;

interface Asked {
  /** Without the question mark's line end. */
  text: (answers: Partial<Answers>) => string;
  /** What an empty answer means; undefined: there has to be one. */
  usual: (answers: Partial<Answers>) => string | undefined;
  /** What is wrong with an answer, in words. */
  problem: (answer: string, answers: Partial<Answers>) => string | undefined;
  /** False where there is nothing to ask. */
  applies?: (answers: Partial<Answers>) => boolean;
}

const oneOf = (words: readonly string[]) => (answer: string) =>
  words.includes(answer) ? undefined : `It is one of ${listOf(words)}.`;
const something = (answer: string) => (answer.trim() ? undefined : "It must not be empty.");

/** In the order in which they are asked. */
export const QUESTIONS: Record<Question, Asked> = {
  environment: {
    text: () => "Environment (dev, staging, prod …)",
    usual: () => "dev",
    problem: (answer) =>
      /^[a-z][a-z0-9-]{0,39}$/.test(answer)
        ? undefined
        : "It must be lower-case letters, digits and -, starting with a letter.",
  },
  product: {
    text: () => `Product (${PRODUCT_KEYS.join(", ")})`,
    usual: () => PRODUCT_KEYS[0],
    problem: oneOf(PRODUCT_KEYS),
  },
  idp: {
    text: () => "Identity provider (entra, okta)",
    usual: () => "entra",
    problem: oneOf(["entra", "okta"]),
  },
  endpoint: {
    text: (answers) => `Endpoint: ${productOf(answers).endpoint.hint}`,
    usual: () => undefined,
    problem: (answer, answers) =>
      URL.canParse(answer) && new URL(answer).protocol === "https:"
        ? undefined
        : `It must be an https URL, as in ${productOf(answers).endpoint.example}.`,
  },
  displayName: {
    text: ({ idp }) => `Name of the application to make in ${idp === "okta" ? "Okta" : "Entra"}`,
    usual: (answers) => `${productName(answers)} SCIM`,
    problem: something,
  },
  group: { text: () => "Group that gets in", usual: () => undefined, problem: something },
  role: {
    text: (answers) => `Role of that group (${rolesOf(answers).join(", ")})`,
    usual: (answers) => rolesOf(answers).at(-1),
    problem: (answer, answers) => oneOf(rolesOf(answers))(answer),
    applies: (answers) => rolesOf(answers).length > 0,
  },
};

export function productOf({ product }: Partial<Answers>): Product {
  const found = findProduct(product ?? "");
  if (!found) throw new Error(`There is no product ${product}: it is one of ${listOf(PRODUCT_KEYS)}.`);
  return found;
}

/** A product that a spec describes itself is known by where it is. */
function productName(answers: Partial<Answers>): string {
  const { open, title } = productOf(answers);
  return open && answers.endpoint ? new URL(answers.endpoint).hostname : title;
}

/** Roles that can be given; none from Okta, where roles do not travel. */
const rolesOf = (answers: Partial<Answers>) =>
  answers.idp === "okta" ? [] : productOf(answers).entra.roles.map(({ value }) => value);

/**
 * Completes what is given by asking for the rest.
 * @param ask gives the answer of a person, "" for the usual one; undefined where nobody can be asked
 * @param objection what else is wrong with an answer, in words
 * @throws when an answer that was given is wrong, or one is missing that nobody can be asked for
 */
export async function completeAnswers(
  given: Partial<Answers>,
  ask?: (question: string, complaint?: string) => Promise<string>,
  objection: (name: Question, answer: string) => string | undefined = () => undefined,
): Promise<Answers> {
  const answers: Answers = {
    environment: "",
    product: "",
    idp: "",
    endpoint: "",
    displayName: "",
    group: "",
    role: "",
  };
  const known: Partial<Answers> = {};
  const missing: string[] = [];
  for (const [name, question] of Object.entries(QUESTIONS) as [Question, Asked][]) {
    if (question.applies?.(known) === false) {
      if (given[name] !== undefined)
        throw new Error(`${flag(name)} ${given[name]}: there is nothing to choose here.`);
      continue;
    }
    const usual = question.usual(known);
    let answer = given[name];
    const problem = (said: string) => question.problem(said, known) ?? objection(name, said);
    let complaint = answer === undefined ? undefined : problem(answer);
    if (complaint !== undefined) throw new Error(`${flag(name)} ${answer}: ${complaint}`);
    while (answer === undefined && ask) {
      const said =
        (await ask(`${question.text(known)}${usual ? ` [${usual}]` : ""}: `, complaint)).trim() ||
        (usual ?? "");
      complaint = problem(said);
      if (complaint === undefined) answer = said;
    }
    answer ??= usual;
    if (answer === undefined) missing.push(flag(name));
    else answers[name] = known[name] = answer;
  }
  if (missing.length > 0)
    throw new Error(`There is no terminal to ask on: give ${missing.join(", ")} as well.`);
  return answers;
}

/** How the command line names a question. */
export const flag = (name: Question) => `--${name === "displayName" ? "name" : name}`;
