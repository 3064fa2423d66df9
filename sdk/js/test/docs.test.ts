// Every snippet of these documents, in a language that tests run, stands in an example: between `#region NAME` and
// `#endregion` (`region NAME` in Python), or as the element of that type in a page.
// `UPDATE_SNIPPETS=1 npx vitest run test/docs.test.ts` copies them again.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const GUIDES = new URL("docs/sdk/", ROOT);
const SNIPPET = /<!-- snippet: (\S+) (\S+) -->\n```(\w+)\n([\s\S]*?)```/g;
/** The code of a guide that is run; other languages are there to read. */
const RUN = /^```(html|js|jsx|python|rust|ts|tsx)$/gm;

function region(file: string, name: string): string {
  const source = readFileSync(new URL(file, ROOT), "utf8");
  const pattern = file.endsWith(".html")
    ? new RegExp(`^ *<script type="${name}">\\n[\\s\\S]*?</script>\\n`, "m")
    : new RegExp(`(?<=(?:// #|# )region ${name}\\n)[\\s\\S]*?(?= *(?:// #|# )endregion)`);
  const found = pattern.exec(source)?.[0];
  if (!found) throw new Error(`${file} has no ${name}`);
  const indent = /^ */.exec(found)?.[0] ?? "";
  return found.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

test.each(readdirSync(GUIDES))("every snippet of %s is what the example has", (name) => {
  const document = new URL(name, GUIDES);
  const text = readFileSync(document, "utf8");
  const wanted = text.replaceAll(
    SNIPPET,
    (_, file, name, language) =>
      `<!-- snippet: ${file} ${name} -->\n\`\`\`${language}\n${region(file, name)}\`\`\``,
  );
  if (process.env.UPDATE_SNIPPETS) writeFileSync(document, wanted);
  else expect(text).toBe(wanted);
  expect([...text.matchAll(SNIPPET)]).toHaveLength(text.match(RUN)?.length ?? 0);
});
