import { Suspense, useEffect } from "react";
import { PartBoundary } from "@/components/part-boundary";
import { keepEarly, setPalette, usePaletteOpen } from "@/domain/palette/palette-state";
import { lazyPart } from "@/lib/lazy-part";

const Palette = lazyPart(() => import("./palette"), "Palette");

/** When the page has settled, so that the first letters typed into the palette find it there. */
const SETTLED_MS = 1500;

/** Listens for Ctrl K or ⌘K. */
export function PaletteHost({ org, project }: { org: string; project: string | undefined }) {
  const open = usePaletteOpen();
  useEffect(() => {
    const timer = setTimeout(() => void Palette.preload(), SETTLED_MS);
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
    <PartBoundary onMissing={() => setPalette(false)}>
      <Suspense>
        <Palette org={org} project={project} />
      </Suspense>
    </PartBoundary>
  );
}
