/** What differs each time a service refuses the same thing: the ids and times of the request. */
const PASSING = [
  // Entra's token endpoint ends its messages so.
  /\s*Trace ID: \S+\s+Correlation ID: \S+\s+Timestamp: [\d-]+ [\d:]+Z/g,
  // As HttpError ends its message.
  / \((?:tried \d+ times)?(?:, )?(?:request id [^\s)]+)?\)/g,
];
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A failure's text without what is another one at every attempt, for where the same failure has to read the same. */
export function lastingText(failure: string): string {
  return PASSING.reduce((text, passing) => text.replace(passing, ""), failure).replace(TIME, "(a time)");
}
