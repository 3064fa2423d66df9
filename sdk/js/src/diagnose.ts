/** Finds out why no connection to a hub can be made, for people: asks the stream's own address by HTTP. */

/** How long an answer is waited for. */
const ANSWER_TIMEOUT_MS = 5_000;

/** How much of an answer is quoted. */
const MAX_HINT_LENGTH = 300;

export interface Diagnosis {
  /** A hub answers there, so that only sockets do not get through. */
  readonly hub: boolean;
  readonly message: string;
}

/** `stream` is the stream's address, `ws://…` or `wss://…`. Never rejects. */
export async function diagnose(stream: string): Promise<Diagnosis> {
  const found = await ask(stream);
  if ("hub" in found) return found;
  const other = /^wss:/.test(stream) ? stream.replace(/^wss:/, "ws:") : stream.replace(/^ws:/, "wss:");
  const without = await ask(other);
  if ("hub" in without && without.hub) {
    const tls = other.startsWith("wss:") ? "over TLS" : "without TLS";
    return { hub: false, message: `cannot connect to ${stream}: the hub responded ${tls}, so use ${other}` };
  }
  return { hub: false, message: `cannot connect to ${stream}: ${found.reason}` };
}

async function ask(stream: string): Promise<Diagnosis | { readonly reason: string }> {
  try {
    const response = await fetch(stream.replace(/^ws/, "http"), {
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return await describe(stream, response);
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

async function describe(stream: string, response: Response): Promise<Diagnosis> {
  const hint = await hintOf(response);
  // As a hub answers who asks for the stream without a socket.
  if (response.status === 426 && hint.includes("Peek-a-boo")) {
    const message = `cannot connect to ${stream}: the hub responds to HTTP, but a proxy or firewall may block WebSockets`;
    return { hub: true, message };
  }
  const answered = hint ? `HTTP ${response.status}: ${hint}` : `HTTP ${response.status}`;
  const message = `cannot connect to ${stream}: not a hub's stream: the server responded with ${answered}; check \`url\``;
  return { hub: false, message };
}

/** What an answer says to people; nothing where it is a page. */
async function hintOf(response: Response): Promise<string> {
  const media = response.headers.get("content-type") ?? "";
  if (!/^text\/plain|json/.test(media)) return "";
  const text = await response.text();
  const hint = media.includes("json") ? (JSON.parse(text) as { detail?: unknown }).detail : text;
  return typeof hint === "string" ? hint.trim().slice(0, MAX_HINT_LENGTH) : "";
}

/** Browsers say nothing but that it failed; Node says why in the error's cause, or in one of the causes of that. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { errors: [first = cause] = [] } = cause as { errors?: unknown[] };
  const { message } = first as { message?: unknown };
  const plain = /fail|load failed|network/i.test(String(message)) && first === error;
  return plain ? "no response, or the browser blocked it" : String(message);
}
