// What an admin of the demo does while tests look on.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { json, text } from "node:stream/consumers";
import type { Ready } from "./binary.js";

/** The admin API as the demo's user. */
export interface Admin {
  /** Changes a flag's targeting in the demo's environment. */
  patchTargeting(flag: string, patch: object): Promise<{ version: number }>;
  /** Turns a boolean flag over; gives what it serves from then on. */
  toggle(flag: string): Promise<boolean>;
  /** What the hub says every flag serves for a context. */
  evaluate(context: object): Promise<Record<string, { value: unknown }>>;
  /** Makes another client key; `revoke` ends it. */
  createClientKey(name: string): Promise<{ key: string; revoke(): Promise<void> }>;
  /** Makes a server key. */
  createServerKey(name: string): Promise<{ key: string; revoke(): Promise<void> }>;
}

export async function signIn({ dashboard, demo }: Ready): Promise<Admin> {
  const project = `/organizations/${demo.organization}/projects/${demo.project}`;
  const environment = `${project}/environments/${demo.environment}`;
  let cookie = "";

  // Not by `fetch`: where a test has a DOM that is a page's, which may not say who it is.
  async function call(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const sent = request(`${dashboard}/api/v1${path}`, {
      method,
      headers: { origin: dashboard, cookie, ...(body ? { "content-type": "application/json" } : {}) },
    });
    sent.end(body && JSON.stringify(body));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const { statusCode = 0 } = response;
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${await text(response)}`);
    return response;
  }

  async function createKey(kind: string, name: string) {
    const response = await call("POST", `${environment}/keys`, { kind, name });
    const { id, secret, key } = (await json(response)) as {
      id: string;
      secret: string | null;
      key: string | null;
    };
    return {
      key: secret ?? key ?? "",
      revoke: async () => void (await call("DELETE", `${environment}/keys/${id}`)).resume(),
    };
  }

  const session = await call("POST", "/session", { email: demo.email, password: demo.password });
  session.resume();
  cookie = (session.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");

  const admin: Admin = {
    async patchTargeting(flag, patch) {
      const response = await call(
        "PATCH",
        `${project}/flags/${flag}/environments/${demo.environment}`,
        patch,
      );
      return (await json(response)) as { version: number };
    },
    async toggle(flag) {
      const enabled = (await admin.evaluate({ targetingKey: "user-1" }))[flag]?.value === false;
      await admin.patchTargeting(flag, { enabled });
      return enabled;
    },
    async evaluate(context) {
      const response = await call("POST", `${environment}/evaluate`, { context });
      return ((await json(response)) as { results: Record<string, { value: unknown }> }).results;
    },
    createClientKey: (name) => createKey("client", name),
    createServerKey: (name) => createKey("server", name),
  };
  return admin;
}
