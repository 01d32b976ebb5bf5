import { visible } from "../yaml/visible.ts";

/** A text for a terminal that holds what tenants and directories call things: on one line, and it moves no cursor. */
export const oneLine = (text: string) => visible(text.replace(/\s+/g, " "));
