import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

/** For how long the heading of a new page is waited for. */
const HEADING_WITHIN_MS = 5_000;

/**
 * After a navigation to another page, moves the focus to the page's heading and reads its title out, as a browser does
 * when it loads a document. A change of filters or tabs is no navigation, and whoever has already gone on is left alone.
 */
export function RouteAnnouncer() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const last = useRef(path);
  const [title, setTitle] = useState("");
  useEffect(() => {
    if (path === undefined || last.current === path) return;
    const first = last.current === undefined;
    last.current = path;
    // The document's own loading has been announced by the browser.
    if (first) return;
    return whenHeadingAppears((heading) => {
      setTitle(heading.textContent ?? "");
      const elsewhere = document.activeElement?.closest('[role="dialog"],input,textarea,select');
      if (!elsewhere) heading.focus({ preventScroll: true });
    });
  }, [path]);
  return (
    <p aria-live="polite" aria-atomic className="sr-only">
      {title}
    </p>
  );
}

function whenHeadingAppears(then: (heading: HTMLElement) => void): () => void {
  const content = document.getElementById("content");
  if (!content) return () => {};
  const look = () => {
    const heading = content.querySelector("h1");
    if (!heading) return false;
    heading.tabIndex = -1;
    then(heading);
    return true;
  };
  if (look()) return () => {};
  const observer = new MutationObserver(() => {
    if (look()) stop();
  });
  const timer = setTimeout(() => stop(), HEADING_WITHIN_MS);
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  observer.observe(content, { childList: true, subtree: true });
  return stop;
}
