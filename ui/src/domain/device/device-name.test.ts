import { expect, it } from "vitest";
import { deviceName } from "./device-name";

it("names the browser and the system that people know", () => {
  const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
  expect(deviceName(chrome)).toBe("Chrome, Windows");
  expect(deviceName(`${chrome} Edg/141.0.0.0`)).toBe("Edge, Windows");
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
  expect(deviceName(safari)).toBe("Safari, iPhone");
  expect(deviceName("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")).toBe(
    "Firefox, Linux",
  );
});

it("names a program by what it says first, and nothing by nothing", () => {
  expect(deviceName("curl/8.5.0 (somewhere)")).toBe("curl/8.5.0");
  expect(deviceName(null)).toBeUndefined();
  expect(deviceName("")).toBeUndefined();
});
