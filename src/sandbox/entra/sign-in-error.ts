/** A refusal by the token endpoint (RFC 6749, 5.2, with Entra's additions). */
export interface SignInError {
  status: number;
  error: string;
  /** `AADSTS7000215` */
  code: string;
  message: string;
}

export function signInError(code: string, status: number, error: string, message: string): SignInError {
  return { code, status, error, message };
}

/** The body that goes with it. `trace` is any identifier. */
export function signInErrorBody(problem: SignInError, now: Date, trace: string): Record<string, unknown> {
  const timestamp = now.toISOString().replace("T", " ").replace(/\.\d+/, "");
  return {
    error: problem.error,
    error_description: `${problem.code}: ${problem.message} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
    error_codes: [Number(problem.code.replace("AADSTS", ""))],
    timestamp,
    trace_id: trace,
    correlation_id: trace,
    error_uri: `https://login.microsoftonline.com/error?code=${problem.code.replace("AADSTS", "")}`,
  };
}
