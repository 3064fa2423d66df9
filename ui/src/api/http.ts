import createClient from "openapi-fetch";
import { randomId } from "@/lib/random";
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

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the hub no longer knows the session. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export const api = createClient<paths>({
  fetch: (request) =>
    fetch(request).catch(() => {
      throw Problem.unreachable();
    }),
});

api.use({
  onRequest({ request }) {
    if (request.method === "POST") request.headers.set("Idempotency-Key", randomId());
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    const document = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
    if (response.status === 401 && schemaPath !== "/api/v1/session") {
      for (const listener of signedOutListeners) listener();
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
