// Requests to the gateway: JSON both ways, failures as `Problem`, commands carried out once whatever the network does.

/** A refusal or failure, as the gateway or the network said it. */
export class Problem extends Error {
  /**
   * @param {{status: number, slug?: string, detail: string, remedy?: string, values?: Record<string, any>, retryAfterS?: number}} told
   */
  constructor(told) {
    super(told.detail);
    this.status = told.status;
    this.slug = told.slug ?? "";
    this.detail = told.detail;
    this.remedy = told.remedy ?? "";
    this.values = told.values ?? {};
    this.retryAfterS = told.retryAfterS ?? 0;
  }

  /** Nobody answered: whether anything happened is not known. */
  get away() {
    return this.status === 0;
  }

  /** The field of what was sent that it is about; empty for none. */
  get field() {
    return String(this.values.field ?? this.values.fields?.[0]?.key ?? "");
  }

  /** What happened and what to do, in one line. */
  get sentence() {
    return `${this.detail} ${this.remedy}`.trim();
  }
}

/** What the rest of the page wants to hear about requests; `core/session.js` fills it. */
export const heard = {
  csrf: "",
  /** The gateway does not know us any more. */
  signedOut: () => {},
  /** It answered, whatever the answer. */
  answered: () => {},
  /** It did not. */
  away: () => {},
  /** Whether the proof that a command is ours was an old one, and is a new one now. */
  renewed: async () => false,
};

const TRIES = 3;
const REST_MS = 700;
const ANSWER_WITHIN_MS = 12_000;
const UPLOADED_WITHIN_MS = 300_000;

/** @returns {string} A key under which the gateway carries a command out once. */
export function newKey() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
}

/**
 * Ask for something.
 * @param {string} path
 * @param {Record<string, string | number | boolean | string[] | null | undefined>} [query] Parts that are empty are left out; a list is sent as one part after another.
 * @returns {Promise<{data: any, position: string, etag: string}>}
 */
export function get(path, query = {}) {
  return once("GET", address(path, query));
}

/**
 * A path with a query: for a link to what `get` would ask for.
 * @param {string} path
 * @param {Record<string, string | number | boolean | string[] | null | undefined>} query
 */
export function address(path, query) {
  const parts = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]));
  const given = parts.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/**
 * Command something; tried again under the same key while nobody says what became of it.
 * @param {string} path
 * @param {object} [body]
 * @param {{key?: string, method?: string, withinMs?: number}} [how] `withinMs` is how long one try may take.
 * @returns {Promise<{data: any, position: string, etag: string}>}
 */
export async function command(path, body = {}, { key = newKey(), method = "POST", withinMs } = {}) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await once(method, path, { body, key, withinMs });
    } catch (problem) {
      // Who signs in anew in another tab has another session in this one, too.
      if (problem.status === 403 && tried === 1 && (await heard.renewed())) continue;
      const unknown = problem instanceof Problem && (problem.away || problem.status === 503);
      if (!unknown || tried === TRIES || !navigator.onLine) throw problem;
      await new Promise((go) => setTimeout(go, Math.max(REST_MS * tried, problem.retryAfterS * 1000)));
    }
  }
}

/**
 * Bring a file, as a form does. It is sent once: nothing is recorded of it, so who hears no answer sends it again.
 * @param {string} path
 * @param {File} file
 * @param {Record<string, string>} [fields] What is said beside it.
 * @returns {Promise<{data: any, position: string, etag: string}>}
 */
export async function upload(path, file, fields = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file, file.name);
  const send = () => once("POST", path, { body, withinMs: UPLOADED_WITHIN_MS });
  try {
    return await send();
  } catch (problem) {
    if (problem.status === 403 && (await heard.renewed())) return send();
    throw problem;
  }
}

async function once(method, path, { body, key, withinMs = ANSWER_WITHIN_MS } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = heard.csrf;
    if (key) headers["Idempotency-Key"] = key;
    // A form says its own type, with the boundary between its parts.
    if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  }
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(withinMs),
    });
    text = await answer.text();
  } catch {
    heard.away();
    throw new Problem({ status: 0, slug: "away", detail: "The server cannot be reached." });
  }
  heard.answered();
  const data = parsed(text);
  if (answer.ok) {
    return { data, position: answer.headers.get("X-Swarm-Position") ?? "", etag: answer.headers.get("ETag") ?? "" };
  }
  const problem = new Problem({
    status: answer.status,
    slug: String(data?.type ?? "").replace("urn:swarm:", ""),
    detail: data?.detail ?? `The server answered ${answer.status}.`,
    remedy: data?.remedy,
    values: data?.values,
    retryAfterS: Number(answer.headers.get("Retry-After")) || 0,
  });
  if (answer.status === 401) heard.signedOut(path);
  throw problem;
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
