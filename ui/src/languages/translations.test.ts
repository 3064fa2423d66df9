import { expect, test } from "vitest";
import type { Translation } from "./translations";
import { readersLanguage } from "./translations";

const german = { lib: { justNow: "gerade eben" } } as unknown as Translation;

test("a reader gets the translation of the first language that exists", async () => {
  const language = await readersLanguage(["fr", "de-AT", "en"], {
    de: () => Promise.resolve({ translation: german }),
  });
  expect(language).toEqual({ language: "de", locale: "de-AT", catalogs: german });
});

test("English needs no download", async () => {
  const language = await readersLanguage(["en-GB", "de"], {
    de: () => Promise.reject(new Error("not asked")),
  });
  expect(language).toEqual({ language: "en", locale: "en-GB", catalogs: {} });
});

test("a translation that cannot be downloaded leaves the dashboard in English", async () => {
  const language = await readersLanguage(["de"], { de: () => Promise.reject(new Error("offline")) });
  expect(language).toEqual({ language: "en", locale: "en", catalogs: {} });
});
