const ECHO_WITHIN_MS = 10_000;

/** Until when the event of a change made by this page may still arrive, by what was changed; a change each. */
const expected = new Map<string, number[]>();
/** The newest version of each environment that an event told of. */
const versions = new Map<string, number>();

/**
 * Announces that this page is about to change one thing, so that the event that follows is known to be its echo: the page
 * already shows the answer. Call what it returns when the change was refused.
 */
export function expectEcho(id: string, now: () => number = Date.now): () => void {
  const until = now() + ECHO_WITHIN_MS;
  expected.set(id, [...(expected.get(id) ?? []), until]);
  return () => take(id, until);
}

function take(id: string, until: number): void {
  const rest = (expected.get(id) ?? []).filter((time) => time !== until);
  if (rest.length > 0) expected.set(id, rest);
  else expected.delete(id);
}

/** Whether an event of this thing is the echo of a change made here; each change explains one event. */
export function takeEcho(id: string, now: () => number = Date.now): boolean {
  const alive = (expected.get(id) ?? []).filter((time) => time >= now());
  const [first, ...rest] = alive;
  if (rest.length > 0) expected.set(id, rest);
  else expected.delete(id);
  return first !== undefined;
}

/** Whether an event tells of a single version. One that jumps may hide somebody else's change behind one's own. */
export function isNextVersion(environment: string, version: number): boolean {
  const last = versions.get(environment);
  versions.set(environment, version);
  return last === undefined || version === last + 1;
}

/** Forgets the versions: the stream was opened anew, and may have missed some. */
export function forgetVersions(): void {
  versions.clear();
}
