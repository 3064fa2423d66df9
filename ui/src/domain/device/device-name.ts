import { messages } from "./messages";

type Name = keyof typeof messages;

/** What browsers call themselves. The order matters: each also claims to be those after it. */
const BROWSERS: [RegExp, Name][] = [
  [/\bEdg(?:e|A|iOS)?\//, "edge"],
  [/\bOPR\//, "opera"],
  [/\bFirefox\/|\bFxiOS\//, "firefox"],
  [/\bChrome\/|\bCriOS\//, "chrome"],
  [/\bSafari\//, "safari"],
];

const SYSTEMS: [RegExp, Name][] = [
  [/\biPhone\b/, "iphone"],
  [/\biPad\b/, "ipad"],
  [/\bAndroid\b/, "android"],
  [/\bWindows\b/, "windows"],
  [/\bMac OS X\b/, "macos"],
  [/\bLinux\b/, "linux"],
];

/** "Firefox, Windows", or the program's own name; nothing where it said nothing. */
export function deviceName(userAgent: string | null | undefined): string | undefined {
  if (!userAgent) return undefined;
  const found = [BROWSERS, SYSTEMS].flatMap(
    (names) => names.find(([pattern]) => pattern.test(userAgent)) ?? [],
  );
  const known = found.filter((part): part is Name => typeof part === "string");
  return known.length > 0 ? known.map((name) => messages[name]).join(", ") : userAgent.split(" ", 1)[0];
}
