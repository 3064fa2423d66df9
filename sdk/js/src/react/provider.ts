/** What hooks read from. Never makes a client and never closes one, so that mounting twice is as mounting once. */

import type { ReactElement, ReactNode } from "react";
import { createContext, createElement, useContext, useMemo, useState } from "react";
import { startFrom } from "../options.js";
import type { FlagClient } from "../types.js";
import type { State } from "../values.js";

export interface PeekabooProviderProps {
  /**
   * The client, made once by the application, outside of its components. Without one, as on a server, the bootstrap's
   * values are read and never change.
   */
  readonly client?: FlagClient | undefined;
  /**
   * The values that a server rendered with: what the first rendering in the browser reads too, so that both agree,
   * whatever the client has heard meanwhile. The first one given counts.
   */
  readonly bootstrap?: object | undefined;
  /**
   * Whether hooks wait in the nearest `<Suspense>` until there are first values: true, or for how many milliseconds at
   * most, after which defaults are served. Never waits where there is a bootstrap or no client. Default: false.
   */
  readonly suspend?: boolean | number | undefined;
  readonly children?: ReactNode | undefined;
}

/** Where hooks find their values. */
export interface Source {
  readonly client: FlagClient | undefined;
  /** What a server's rendering reads, and hydration. */
  readonly initial: State | null;
  readonly suspend: boolean | number;
}

const SourceContext = createContext<Source | null>(null);

export function PeekabooProvider(props: PeekabooProviderProps): ReactElement {
  const { client, bootstrap, suspend = false, children } = props;
  const [initial] = useState(() => (bootstrap ? startFrom(bootstrap) : null));
  const source = useMemo(() => ({ client, initial, suspend }), [client, initial, suspend]);
  return createElement(SourceContext.Provider, { value: source }, children);
}

/** @throws Error where no provider is above. */
export function useSource(): Source {
  const source = useContext(SourceContext);
  if (!source)
    throw new Error("flags can only be read inside <PeekabooProvider>: wrap your application in it");
  return source;
}
