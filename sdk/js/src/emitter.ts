/** Listeners by event name. A listener that throws is reported and stops nothing else. */
export interface Emitter {
  /** Adds a listener (once, however often it is added); returns the function that removes it. */
  on(event: string, listener: (payload: never) => void): () => void;
  /** Calls those that listen at this moment, in the order they came; returns whether there was one. */
  emit(event: string, payload: unknown): boolean;
}

export function createEmitter(): Emitter {
  const events = new Map<string, Set<(payload: never) => void>>();

  return {
    on(event, listener) {
      const listeners = events.get(event) ?? new Set();
      events.set(event, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    emit(event, payload) {
      const listeners = [...(events.get(event) ?? [])];
      for (const listener of listeners) {
        try {
          listener(payload as never);
        } catch (error) {
          console.error(error);
        }
      }
      return listeners.length > 0;
    },
  };
}
