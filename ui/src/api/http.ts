import createClient from "openapi-fetch";
import { basePath } from "@/lib/base";
import { randomId } from "@/lib/random";
import { Attempts } from "./attempts";
import { Problem } from "./problem";
import type { paths } from "./schema.gen";
import type { ProblemDocument } from "./types";

/** How a write is guarded and explained. */
export interface Guard {
  /** The version that the change was made against; if it is no longer the present one, nothing is changed. */
  version?: number | undefined;
  /** For the history and the audit log. */
  comment?: string | undefined;
}

const IDEMPOTENCY_KEY = "Idempotency-Key";
/** Sending these twice does no harm, and what they hold is not to be kept. */
const WITH_SECRETS = /^\/api\/v1\/(session|setup|account|invitations|password-resets)(\/|$)/;
const attempts = new Attempts(randomId);

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the hub no longer knows the session. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Says that the hub no longer knows the session. */
export function signedOut(): void {
  for (const listener of signedOutListeners) listener();
}

/** How long a request may go unanswered: a connection that is gone without a word would keep it waiting for minutes. */
const ANSWERED_WITHIN_S = 30;

export const api = createClient<paths>({
  baseUrl: basePath,
  fetch: async (request) => {
    const timeout = AbortSignal.timeout(ANSWERED_WITHIN_S * 1000);
    try {
      return await fetch(request, { signal: AbortSignal.any([request.signal, timeout]) });
    } catch {
      throw timeout.aborted ? Problem.unanswered(ANSWERED_WITHIN_S) : Problem.unreachable();
    }
  },
});

api.use({
  async onRequest({ request, schemaPath }) {
    if (request.method === "POST" && !WITH_SECRETS.test(schemaPath)) {
      request.headers.set(IDEMPOTENCY_KEY, attempts.keyOf(request.url, await request.clone().text()));
    }
    return request;
  },
  async onResponse({ request, response, schemaPath }) {
    const key = request.headers.get(IDEMPOTENCY_KEY);
    if (key) attempts.answered(key, response.status);
    if (response.ok) return;
    const document = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
    if (response.status === 401 && schemaPath !== "/api/v1/session") {
      signedOut();
    }
    throw new Problem(response.status, document);
  },
});

/** The body of a good answer; anything else has thrown a `Problem`. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

/** The comment in the form in which a header can hold it. */
export function explained(comment: string | undefined): { "Peekaboo-Comment"?: string } {
  return comment ? { "Peekaboo-Comment": encodeURIComponent(comment) } : {};
}

export function guarded({ version, comment }: Guard): { "If-Match"?: string; "Peekaboo-Comment"?: string } {
  return { ...(version === undefined ? {} : { "If-Match": `"${version}"` }), ...explained(comment) };
}

/** Leaves out what is undefined or empty: the hub refuses to guess what an empty filter means. */
export function given<T extends object>(query: T): { [Name in keyof T]?: Exclude<T[Name], undefined | ""> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
  ) as { [Name in keyof T]?: Exclude<T[Name], undefined | ""> };
}
