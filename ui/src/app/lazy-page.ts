import type { RouteComponent } from "@tanstack/react-router";
import { lazyPart } from "@/lib/lazy-part";

/** A page whose code is loaded with its route. Its type is fixed, as pages' types depend on the router's. */
export function lazyPage<Module>(load: () => Promise<Module>, name: keyof Module): RouteComponent {
  return lazyPart(load, name) as RouteComponent;
}
