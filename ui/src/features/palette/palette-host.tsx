import { lazy, Suspense, useEffect } from "react";
import { keepEarly, setPalette, usePaletteOpen } from "./palette-state";

const load = () => import("./palette");
const Palette = lazy(() => load().then((module) => ({ default: module.Palette })));

/** When the page has settled, so that the first letters typed into the palette find it there. */
const SETTLED_MS = 1500;

/** Listens for Ctrl K or ⌘K. */
export function PaletteHost({ org, project }: { org: string; project: string | undefined }) {
  const open = usePaletteOpen();
  useEffect(() => {
    const timer = setTimeout(() => void load(), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (keepEarly(event)) {
        event.preventDefault();
        return;
      }
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey) return;
      event.preventDefault();
      setPalette(true);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  if (!open) return null;
  return (
    <Suspense>
      <Palette org={org} project={project} />
    </Suspense>
  );
}
