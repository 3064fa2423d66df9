import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Reason } from "@/components/ui/reason";

/** Something that the palette can do besides going somewhere. */
export interface Command {
  id: string;
  /** A verb and what it applies to: "Create flag". */
  name: string;
  run: () => void;
  /** Other words that people look for it by. */
  words?: string;
  /** It belongs to no page; the palette shows it after what belongs to the page. */
  everywhere?: boolean;
  /** Why it cannot be done now; it is then left out. */
  disabledReason?: Reason;
}

let registered: readonly Command[] = [];
const listeners = new Set<() => void>();

/** A command of a page that is not shown yet, and until when it is waited for. */
let awaited: { id: string; until: number } | null = null;
const AWAITED_FOR_MS = 10_000;

function publish(next: readonly Command[]): void {
  registered = next;
  for (const listener of listeners) listener();
  runAwaited();
}

/** Runs a command as soon as a page offers it: at once, or when the page that one is on the way to has appeared. */
export function runWhenOffered(id: string): void {
  awaited = { id, until: Date.now() + AWAITED_FOR_MS };
  runAwaited();
}

function runAwaited(): void {
  const command = registered.find(({ id }) => id === awaited?.id);
  if (!awaited || !command) return;
  const late = Date.now() > awaited.until;
  awaited = null;
  // After the page has taken the focus, which a dialog then has for itself.
  if (!late) setTimeout(command.run);
}

/** Offers commands in the palette for as long as the component is shown. A page registers what can be done on it. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const offered = commands.filter((command) => !command.disabledReason);
  const signature = offered.map(({ id, name }) => `${id}\n${name}`).join("\n\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered is told by its ids and names
  useEffect(() => {
    const mine = offered.map((command): Command => {
      const { id } = command;
      // The command as it is when it is run, not as it was when it was registered.
      return { ...command, run: () => latest.current.find((held) => held.id === id)?.run() };
    });
    publish([...registered, ...mine]);
    return () => publish(registered.filter((command) => !mine.includes(command)));
  }, [signature]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The commands of what is shown now, in the order in which they were registered. */
export function useRegisteredCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => registered);
}
