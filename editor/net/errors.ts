// What can go wrong between the page and the site, in words for people.

export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    message: string,
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    /** Stable name of the problem, from the site, or "offline" or "unreadable". */
    readonly code: string,
    /** What in the request is wrong, such as recipe.epochs; empty where the answer names nothing. */
    readonly path = "",
    /** Whatever else the answer held, such as the newer version of a conflict. */
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

/** The title of a page that says what is not there for this visitor; null for an error that may pass. */
export function absence(error: unknown, title: string): string | null {
  if (!(error instanceof ApiError) || error.status !== 404) return null;
  return error.code === "link_over" ? "No longer shared" : title;
}

export const isOffline = (error: unknown) => error instanceof ApiError && error.code === "offline";
export const isAbort = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/** Why no answer came, as the beginning of a sentence, and what then helps. */
export const noAnswer = () => (navigator.onLine ? "The site does not answer" : "This browser is offline");
const wayOut = () => (navigator.onLine ? "Check that it is running, then try again." : "Try again once it is connected.");

export function offlineError(): ApiError {
  return new ApiError(`${noAnswer()}. ${wayOut()}`, 0, "offline");
}

const BY_STATUS: Record<number, string> = {
  401: "This needs you to be signed in.",
  403: "This page is no longer allowed to make changes. Reload it and try again.",
  404: "This does not exist any more, or it is not yours.",
  413: "This is larger than the site accepts.",
  429: "That was too often in a short time. Wait a moment and try again.",
};

/** The error that an answer of status 400 or more stands for. The body should be a Problem; what is not still gets words. */
export function problemFrom(status: number, body: unknown): ApiError {
  const error = field(body, "error");
  const message = field(error, "message");
  const code = field(error, "code");
  const path = field(error, "path");
  const words = BY_STATUS[status] ?? (status >= 500 ? "The site stumbled over this. Try again." : `The site refused this (${status}).`);
  return new ApiError(
    typeof message === "string" && message ? message : words,
    status,
    typeof code === "string" ? code : "http",
    typeof path === "string" ? path : "",
    body,
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Any thrown thing as one sentence. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
