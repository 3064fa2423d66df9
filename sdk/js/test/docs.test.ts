// Every snippet of these documents stands in an example: between `#region NAME` and `#endregion`, or as the element
// of that type in a page. `UPDATE_SNIPPETS=1 npx vitest run test/docs.test.ts` copies them anew.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const DOCUMENTS = ["docs/sdk/browser.md", "docs/sdk/react.md"];
const SNIPPET = /<!-- snippet: (\S+) (\S+) -->\n```(\w+)\n([\s\S]*?)```/g;

function region(file: string, name: string): string {
  const source = readFileSync(new URL(file, ROOT), "utf8");
  const pattern = file.endsWith(".html")
    ? new RegExp(`^ *<script type="${name}">\\n[\\s\\S]*?</script>\\n`, "m")
    : new RegExp(`(?<=// #region ${name}\\n)[\\s\\S]*?(?=// #endregion)`);
  const found = pattern.exec(source)?.[0];
  if (!found) throw new Error(`${file} has no ${name}`);
  const indent = /^ */.exec(found)?.[0] ?? "";
  return found.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

test.each(DOCUMENTS)("every snippet of %s is what the example has", (path) => {
  const document = new URL(path, ROOT);
  const text = readFileSync(document, "utf8");
  const wanted = text.replaceAll(
    SNIPPET,
    (_, file, name, language) =>
      `<!-- snippet: ${file} ${name} -->\n\`\`\`${language}\n${region(file, name)}\`\`\``,
  );
  if (process.env.UPDATE_SNIPPETS) writeFileSync(document, wanted);
  else expect(text).toBe(wanted);
  expect([...text.matchAll(SNIPPET)]).toHaveLength(text.match(/^```\w+$/gm)?.length ?? -1);
});
