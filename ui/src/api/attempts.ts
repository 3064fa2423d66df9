/** How long an attempt that was never answered may be gone on with: as if nobody had done anything else since. */
const REMEMBERED_MS = 15 * 60_000;

interface Attempt {
  key: string;
  at: number;
}

/**
 * The Idempotency-Key of each thing that somebody tries to make. Trying the same again, where no answer came, is the same
 * attempt: if the hub made it the first time, it answers that instead of making another. Once there is an answer, or
 * something else is asked for, it is another attempt.
 */
export class Attempts {
  readonly #open = new Map<string, Attempt>();
  readonly #newKey: () => string;
  readonly #now: () => number;

  constructor(newKey: () => string, now: () => number = Date.now) {
    this.#newKey = newKey;
    this.#now = now;
  }

  /** The key under which a request is to be sent. */
  keyOf(url: string, body: string): string {
    const now = this.#now();
    for (const [id, { at }] of this.#open) if (now - at > REMEMBERED_MS) this.#open.delete(id);
    const id = `${url}\n${body}`;
    const attempt = this.#open.get(id) ?? { key: this.#newKey(), at: now };
    this.#open.set(id, attempt);
    return attempt.key;
  }

  /** An answer came. A server error leaves the attempt open: the change may have been made. */
  answered(key: string, status: number): void {
    if (status >= 500) return;
    for (const [id, attempt] of this.#open) if (attempt.key === key) this.#open.delete(id);
  }
}
