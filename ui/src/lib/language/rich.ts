import type { ReactNode } from "react";
import { createElement, Fragment } from "react";

/**
 * A text with elements in it, for messages that emphasize or link something. The translator decides where they stand:
 * `(name: ReactNode) => rich`Type ${name} to confirm``.
 */
export function rich(texts: TemplateStringsArray, ...values: ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...texts.flatMap((text, index) => [text, values[index]]));
}
