import { z } from "zod";

/** A name as a directory has it: not empty, no blanks around it. */
export const principalName = z
  .string()
  .min(1, "must not be empty")
  .refine((text) => text === text.trim(), { error: "must not start or end with a blank" })
  .refine((text) => !/[\t\n\r]/.test(text), { error: "must be one line, without tabs" })
  .refine((text) => text.length <= 256, { error: "must not be longer than 256 characters" });

export const isoDate = z.string().refine(isCalendarDay, {
  error: "must be a date such as 2027-01-31",
});

/** Date.parse rolls the 31st of June over to July; a day that is not in the calendar is a mistake. */
function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
