import { catalog } from "@/lib/language/catalog";

export const messages = catalog("device", {
  edge: "Edge",
  opera: "Opera",
  firefox: "Firefox",
  chrome: "Chrome",
  safari: "Safari",
  iphone: "iPhone",
  ipad: "iPad",
  android: "Android",
  windows: "Windows",
  macos: "macOS",
  linux: "Linux",
});
