import { useState } from "react";

/**
 * The secret of the link that led here: what follows `#`, which a browser sends to nobody. It is taken out of the
 * address, so that it stays neither in the history nor on a shared screen.
 */
export function useLinkSecret(): string {
  const [secret] = useState(() => {
    const given = window.location.hash.slice(1);
    if (given) window.history.replaceState(window.history.state, "", window.location.pathname);
    return given;
  });
  return secret;
}
