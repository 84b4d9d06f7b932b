/** Asking the service: JSON over /v1, its refusals as `Problem`, a silent network as `Unreachable`. */

/** The service refused, and says why and what to do (RFC 9457). */
export class Problem extends Error {
  /** @param {any} document @param {number} status */
  constructor(document, status) {
    super(document?.detail || `The service answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = document?.code || `http-${status}`;
    this.remedy = document?.remedy || "";
    this.blockedBy = document?.blocked_by || [];
    this.errors = document?.errors || [];
  }

  /** Whether the same request may succeed later, unchanged. */
  get passes() {
    return this.status >= 500 || this.status === 429 || this.status === 423 || this.status === 401;
  }
}

/** Nobody answered; what was asked may have been done or not. */
export class Unreachable extends Error {
  constructor() {
    super("The service cannot be reached.");
    this.name = "Unreachable";
    this.code = "unreachable";
    this.remedy = "Check the network; what was signed is kept here and sent again.";
  }
}

const PATIENCE = 10_000;

/** @param {string} path */
export const get = (path) => ask("GET", path);

/** @param {string} path @param {object} [body] */
export const post = (path, body = {}) => ask("POST", path, body);

/** @param {"GET" | "POST"} method @param {string} path @param {object} [body] @returns {Promise<any>} */
async function ask(method, path, body) {
  let response;
  let answer;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: "application/json", "X-Session-Ledger": "1", ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get("Content-Type") ?? "");
    answer = isJson ? await response.json() : await response.text();
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return answer;
  if (response.status === 423) document.dispatchEvent(new Event("ledger-locked"));
  if (response.status === 401 && !path.startsWith("/v1/auth/sign-in")) document.dispatchEvent(new Event("ledger-signed-out"));
  throw new Problem(answer, response.status);
}
