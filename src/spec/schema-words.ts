import { z } from "zod";

/** A name as a directory has it: not empty, no blanks around it. */
export const principalName = z
  .string()
  .min(1, "must not be empty")
  .refine((text) => text === text.trim(), { error: "must not start or end with a blank" })
  .refine((text) => text.length <= 256, { error: "must not be longer than 256 characters" });
