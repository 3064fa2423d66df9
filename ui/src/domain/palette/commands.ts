import { useEffect, useRef, useSyncExternalStore } from "react";

/** Something that the palette can do besides going somewhere. */
export interface Command {
  id: string;
  /** A verb and what it applies to: "Create flag". */
  name: string;
  run: () => void;
  /** Why it cannot be done now; it is then left out. */
  disabledReason?: string | null | undefined | false;
}

let registered: readonly Command[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Command[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

/** Offers commands in the palette for as long as the component is shown. A page registers what can be done on it. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const offered = commands.filter((command) => !command.disabledReason);
  const signature = offered.map(({ id, name }) => `${id}\n${name}`).join("\n\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered is told by its ids and names
  useEffect(() => {
    const mine = offered.map(({ id, name }): Command => {
      // The command as it is when it is run, not as it was when it was registered.
      const run = () => latest.current.find((command) => command.id === id)?.run();
      return { id, name, run };
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
