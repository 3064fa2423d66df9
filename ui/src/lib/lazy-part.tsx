import type { ComponentType, ReactNode } from "react";
import { createElement, use } from "react";

/** A part of the dashboard whose code could not be downloaded. */
export class PartMissing extends Error {
  constructor(cause: unknown) {
    super("a part of the dashboard could not be downloaded", { cause });
    this.name = "PartMissing";
  }
}

export interface LazyPart<Props> {
  (props: Props): ReactNode;
  preload: () => Promise<void>;
}

type PropsOf<Part> = Part extends (props: infer Props) => ReactNode ? Props & object : never;

/**
 * A component whose code is loaded when it is first shown, or on `preload`.
 *
 * A failed download throws `PartMissing` where the part is rendered, for the nearest error page. Unlike the router's own
 * `lazyRouteComponent` it never reloads the window, which would lose what somebody has typed. Asking again loads again.
 */
export function lazyPart<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): LazyPart<PropsOf<Module[Name]>> {
  type Props = PropsOf<Module[Name]>;
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  let missing: PartMissing | undefined;
  const preload = (): Promise<void> => {
    if (loaded) return Promise.resolve();
    loading ??= load().then(
      (parts) => {
        loaded = parts[name] as ComponentType<Props>;
        missing = undefined;
        loading = undefined;
      },
      (error: unknown) => {
        missing = new PartMissing(error);
        loading = undefined;
      },
    );
    return loading;
  };
  function Part(props: Props) {
    if (!loaded) {
      if (missing && !loading) throw missing;
      use(preload());
    }
    return loaded && createElement(loaded, props);
  }
  Part.preload = preload;
  return Part;
}
