import { afterEach, expect, test } from "vitest";
import { catalog, speak } from "./catalog";
import { list, number, plural } from "./format";
import { chooseLanguage, currentLocale } from "./locale";

afterEach(() => speak("en", {}));

test("messages are English until another language is chosen", () => {
  const messages = catalog("greeting", { hello: "Hello" });
  expect(messages.hello).toBe("Hello");
  speak("de", { greeting: { hello: "Hallo" } });
  expect(messages.hello).toBe("Hallo");
  speak("en", {});
  expect(messages.hello).toBe("Hello");
});

test("a catalog that is loaded after the language was chosen is in that language", () => {
  speak("de", { late: { bye: "Tschüss" } });
  expect(catalog("late", { bye: "Bye" }).bye).toBe("Tschüss");
});

test("plurals follow the rules of the language", () => {
  const flags = (count: number) => plural(count, { one: "# flag", other: "# flags" });
  expect([0, 1, 2, 1200].map(flags)).toEqual(["0 flags", "1 flag", "2 flags", "1,200 flags"]);
  speak("pl", {});
  const polish = (count: number) =>
    plural(count, { one: "# flaga", few: "# flagi", many: "# flag", other: "# flagi" });
  expect([1, 2, 5].map(polish)).toEqual(["1 flaga", "2 flagi", "5 flag"]);
});

test("numbers and lists are written as the language writes them", () => {
  expect(number(12500)).toBe("12,500");
  expect(list(["a", "b", "c"], "or")).toBe("a, b, or c");
  speak("de-DE", {});
  expect(number(12500)).toBe("12.500");
  expect(list(["a", "b"])).toBe("a und b");
});

test("the first of the reader's languages that exists is chosen, with its region", () => {
  expect(chooseLanguage(["fr-FR", "en-GB", "de"], ["en", "de"])).toEqual({ language: "en", locale: "en-GB" });
  expect(chooseLanguage(["de", "en"], ["en", "de"])).toEqual({ language: "de", locale: "de" });
  expect(chooseLanguage(["ja"], ["en", "de"])).toEqual({ language: "en", locale: "en" });
  expect(currentLocale()).toBe("en");
});
