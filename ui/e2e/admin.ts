import createClient from "openapi-fetch";
import type { paths } from "../src/api/schema.gen";
import type { Ready } from "./hub";

/** Somebody who is signed in elsewhere and works through the API. */
export type Admin = Awaited<ReturnType<typeof signInElsewhere>>;

export async function signInElsewhere(hub: Ready, email: string, password: string) {
  const response = await fetch(`${hub.dashboard}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: hub.dashboard },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`cannot sign in: ${await response.text()}`);
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const api = createClient<paths>({
    baseUrl: hub.dashboard,
    headers: { cookie, origin: hub.dashboard },
    fetch: async (request) => {
      const answer = await fetch(request);
      if (!answer.ok)
        throw new Error(`${request.method} ${request.url}: ${answer.status} ${await answer.text()}`);
      return answer;
    },
  });
  return { api, cookie };
}

/** The session's cookie in the form in which a browser takes it. */
export function asBrowserCookie(hub: Ready, cookie: string) {
  const [name = "", value = ""] = cookie.split("=", 2);
  return { name, value, url: hub.dashboard, httpOnly: true, sameSite: "Lax" as const };
}
