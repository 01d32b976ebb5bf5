import { formatDate, parseDate, parseIsoDate } from "../date-format.ts";
import { asText, type EvaluableFunction, EvaluationFailure } from "../value.ts";

export const dateFunctions: Record<string, EvaluableFunction> = {
  /** dateTimeStyles is read by the tenant only: with the formats evaluated here it makes no difference. */
  FormatDateTime: ([source, , inputFormat, outputFormat]) => {
    const text = asText(source, "FormatDateTime");
    if (text === null || text === "") return null;
    const from = asText(inputFormat, "FormatDateTime");
    const date = from === null || from === "" ? parseIsoDate(text) : parseDate(text, from);
    if (!date) {
      const expected = from ? `the form ${from}` : "an ISO 8601 date";
      throw new EvaluationFailure("invalid-argument", `FormatDateTime: "${text}" is not of ${expected}.`);
    }
    return formatDate(date, asText(outputFormat, "FormatDateTime") ?? "");
  },
};
