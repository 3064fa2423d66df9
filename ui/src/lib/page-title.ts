import { useEffect } from "react";
import { messages } from "./messages";

/** Names the page in the browser's tab and history. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = messages.pageTitle(title);
  }, [title]);
}
