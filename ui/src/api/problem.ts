import { isOnline } from "@/lib/online";
import { messages } from "./messages";
import type { Dependent, FieldProblem, ProblemDocument } from "./types";

/** What the hub says in passing, as a sentence of its own. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** A key that is taken is told without a pointer, yet there is one field that it concerns. */
function pointed(code: string, { errors, detail }: Partial<ProblemDocument>): FieldProblem[] {
  if (code === "already_exists" && detail) return [{ pointer: "/key", code, detail }];
  return errors ?? [];
}

/** The stable code, such as `invalid`. */
function codeOf(document: Partial<ProblemDocument>): string | undefined {
  return document.type?.split(":").at(-1);
}

/** A refused or failed request. Its message is fit for people. */
export class Problem extends Error {
  readonly status: number;
  /** The stable code, such as `invalid`; `unreachable` when no answer came at all. */
  readonly code: string;
  readonly errors: readonly FieldProblem[];
  readonly current: unknown;
  readonly dependents: readonly Dependent[];

  constructor(status: number, document: Partial<ProblemDocument>) {
    super(sentence(document.detail || document.title || messages.unexpected(status)));
    this.name = "Problem";
    this.status = status;
    this.code = codeOf(document) ?? "unknown";
    this.errors = pointed(this.code, document).map((error) => ({ ...error, detail: sentence(error.detail) }));
    this.current = document.current;
    this.dependents = document.dependents ?? [];
  }

  static unreachable(online: boolean = isOnline()): Problem {
    return new Problem(0, {
      type: "urn:peekaboo:problem:unreachable",
      detail: online ? messages.unreachable : messages.offline,
    });
  }

  /** The request was sent and no answer came, so nobody knows whether it was carried out. */
  static unanswered(seconds: number): Problem {
    return new Problem(0, {
      type: "urn:peekaboo:problem:unanswered",
      detail: messages.unanswered(seconds),
    });
  }

  /** The message for the field at a JSON Pointer or anywhere below it. */
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
      ?.detail;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, { detail: error instanceof Error ? error.message : String(error) });
}

/** What the hub holds now, where a change was refused because it was made on an older version. */
export function conflictOf<T>(error: unknown): T | undefined {
  if (!(error instanceof Problem) || error.status !== 412) return undefined;
  return error.current as T | undefined;
}

/** What went wrong, for people. */
export function reasonOf(error: unknown): string {
  return asProblem(error).message;
}

/** The field's message, where the error is a problem document that has one. */
export function fieldError(error: unknown, pointer: string): string | undefined {
  return error instanceof Problem ? error.at(pointer) : undefined;
}

/** A problem's message for the form as a whole: nothing when each part of it stands at a field already. */
export function formError(error: unknown, shownPointers: readonly string[]): string | undefined {
  if (!error) return undefined;
  const problem = asProblem(error);
  const elsewhere = problem.errors.filter(
    (item) =>
      !shownPointers.some((pointer) => item.pointer === pointer || item.pointer.startsWith(`${pointer}/`)),
  );
  if (problem.errors.length === 0) return problem.message;
  return elsewhere.length > 0 ? elsewhere.map((item) => item.detail).join(" ") : undefined;
}
