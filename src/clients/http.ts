import ky, {
  HTTPError,
  isForceRetryError,
  isNetworkError,
  isTimeoutError,
  type KyInstance,
  type RetryOptions,
} from "ky";
import { HttpError } from "./http-error.ts";

/** How a client names itself, proves who it is, and reads its service's errors. */
export interface HttpClientOptions {
  /** For messages: "Microsoft Graph". */
  service: string;
  /** Without a trailing slash. */
  baseUrl: string;
  /** Asked for before each attempt, so that a token may run out while a request waits. */
  authorization?: () => Promise<string>;
  headers?: Record<string, string>;
  /** Reads an error body, and says what to do about it when that is known. */
  describe: (status: number, body: unknown, request: string) => ErrorDescription;
  /** Aborted when the caller is told to stop: reads end at once, a write in flight is let through, nothing new is sent. */
  signal?: AbortSignal;
  /** Statuses that mean "later" when they come with `Retry-After`, beside 429 and 503: the service did not begin. */
  laterStatuses?: readonly number[];
  /** First pause before a retry without `Retry-After`, in milliseconds; doubled each time. */
  retryPause?: number;
}

export interface ErrorDescription {
  code: string;
  detail: string;
  help?: string;
}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Relative to the base URL with its query, or absolute on the same host as links to next pages are. */
  path: string;
  body?: unknown;
  /**
   * Whether sending it twice does no harm, so that it is sent again after a dropped connection, a timeout or a 5xx.
   * Default: everything but POST. 429, and 503 with Retry-After, are always tried again: the service did not begin.
   */
  repeatable?: boolean;
  /** The object may have been made a moment ago: so often is 404 taken for "not yet". See {@link NOT_YET}. */
  awaitCreation?: number;
}

export interface HttpAnswer<T> {
  status: number;
  headers: Headers;
  /** The parsed JSON body; undefined when there is none. */
  body: T;
}

export interface HttpClient {
  readonly baseUrl: string;
  request<T>(request: HttpRequest): Promise<HttpAnswer<T>>;
}

/** How often a 404 is looked at again: after a create in this run (20 s), and when the object is known from earlier (4 s). */
export const NOT_YET = { justCreated: 6, createdEarlier: 4 } as const;

/** Sent at most this often in all. With the pauses below it gives up after about 20 s without `Retry-After`. */
const ATTEMPTS = 7;
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;
/** A service that asks for more than its own window (Graph 150 s, Okta 60 s) is not waited for in one go. */
const LONGEST_RETRY_AFTER = 150_000;
const TIMEOUT = 100_000;

/** The one place where requests are sent and sent again. */
export function httpClient(options: HttpClientOptions): HttpClient {
  const send = ky.create({
    timeout: TIMEOUT,
    throwHttpErrors: true,
    headers: { accept: "application/json", "user-agent": "rollcall", ...options.headers },
  });
  return {
    baseUrl: options.baseUrl,
    request: (request) => exchange(send, options, request),
  };
}

async function exchange<T>(
  send: KyInstance,
  options: HttpClientOptions,
  request: HttpRequest,
): Promise<HttpAnswer<T>> {
  const url = request.path.startsWith("http") ? request.path : `${options.baseUrl}${request.path}`;
  const name = `${request.method} ${new URL(url).pathname}`;
  const repeatable = request.repeatable ?? request.method !== "POST";
  let attempts = 0;
  let text = "";
  const beforeEach = async (outgoing: Request) => {
    options.signal?.throwIfAborted();
    attempts++;
    if (options.authorization) outgoing.headers.set("authorization", await options.authorization());
  };
  try {
    const response = await send(url, {
      method: request.method,
      ...(request.body === undefined ? {} : { json: request.body }),
      ...(options.signal && request.method === "GET" ? { signal: options.signal } : {}),
      hooks: {
        beforeRequest: [(state) => beforeEach(state.request)],
        beforeRetry: [(state) => beforeEach(state.request)],
        afterResponse: [
          async ({ response: answer }) => {
            if (!answer.ok) return;
            try {
              text = await answer.text();
            } catch (cut) {
              if (repeatable) return ky.retry({ cause: cut as Error });
              throw cut;
            }
          },
        ],
      },
      retry: retryPolicy({
        repeatable,
        awaitCreation: request.awaitCreation ?? 0,
        laterStatuses: options.laterStatuses ?? [],
        pause: options.retryPause ?? FIRST_PAUSE,
      }),
    });
    return { status: response.status, headers: response.headers, body: parse(text) as T };
  } catch (error) {
    throw describeFailure(error, options, name, attempts);
  }
}

interface Repetition {
  repeatable: boolean;
  awaitCreation: number;
  laterStatuses: readonly number[];
  pause: number;
}

/** When a request is sent again, and how long it waits before. */
function retryPolicy({ repeatable, awaitCreation, laterStatuses, pause }: Repetition): RetryOptions {
  const statuses = [
    ...(repeatable ? [408, 423, 424, 429, 500, 502, 503, 504] : [429, 503]),
    ...laterStatuses,
  ];
  return {
    limit: ATTEMPTS - 1,
    methods: ["get", "post", "put", "patch", "delete"],
    statusCodes: awaitCreation > 0 ? [...statuses, 404] : statuses,
    afterStatusCodes: [429, 500, 502, 503, 504, ...laterStatuses],
    maxRetryAfter: LONGEST_RETRY_AFTER,
    delay: (attempt) => Math.min(pause * 2 ** (attempt - 1), LONGEST_PAUSE),
    jitter: (delay) => delay * (0.8 + Math.random() * 0.4),
    retryOnTimeout: repeatable,
    shouldRetry: ({ error, retryCount }) => {
      if (error instanceof HTTPError && error.response.status === 404 && retryCount > awaitCreation)
        return false;
      if (isUntrusted(error)) return false;
      if (error instanceof HTTPError && laterStatuses.includes(error.response.status))
        return error.response.headers.has("retry-after") ? undefined : false;
      if (repeatable) return undefined;
      // Sending again could do the thing twice, unless the service says that it did not begin.
      if (!(error instanceof HTTPError)) return false;
      return error.response.status === 503 && !error.response.headers.has("retry-after") ? false : undefined;
    },
  };
}

/** `fetch` under the same policy, for libraries that bring requests of their own; what is sent must bear repetition. */
export async function repeatingFetch(url: string | URL, init: RequestInit): Promise<Response> {
  try {
    return await ky(url, {
      ...init,
      timeout: TIMEOUT,
      retry: retryPolicy({ repeatable: true, awaitCreation: 0, laterStatuses: [], pause: FIRST_PAUSE }),
    });
  } catch (error) {
    if (!(error instanceof HTTPError)) throw error;
    const { status, headers } = error.response;
    const body = typeof error.data === "string" ? error.data : JSON.stringify(error.data ?? "");
    return new Response(body, { status, headers });
  }
}

/** TLS refused the other side's certificate, which no second try changes. */
function isUntrusted(error: unknown): boolean {
  const code = systemError(error)?.code ?? "";
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_)/.test(code);
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describeFailure(
  error: unknown,
  options: HttpClientOptions,
  request: string,
  attempts: number,
): unknown {
  if (error instanceof HTTPError) {
    const { status, headers } = error.response;
    const body = typeof error.data === "string" ? parse(error.data) : error.data;
    return new HttpError({
      service: options.service,
      request,
      status,
      ...options.describe(status, body, request),
      requestId: requestId(headers),
      attempts,
    });
  }
  if (isNetworkError(error) || isTimeoutError(error) || isForceRetryError(error)) {
    return new HttpError({
      service: options.service,
      request,
      status: 0,
      code: "",
      detail: reason(error),
      requestId: "",
      attempts,
      help: isUntrusted(error)
        ? "If its certificate is signed by an authority of your own, name the authority's file (PEM) in SSL_CERT_FILE."
        : `Is ${new URL(options.baseUrl).host} the right address, and can this machine reach it?`,
      cause: error,
    });
  }
  return error;
}

function requestId(headers: Headers): string {
  return headers.get("request-id") ?? headers.get("x-okta-request-id") ?? headers.get("x-request-id") ?? "";
}

function reason(error: Error): string {
  const cause = systemError(error);
  return cause ? `${cause.code} ${cause.message}`.trim() : error.message;
}

/** "ECONNREFUSED" and the like lie below the error that fetch throws. */
function systemError(error: unknown): { code: string; message: string } | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string")
      return { code: cause.code, message: cause.message };
  }
  return undefined;
}
