// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are sources to look into
import { expect, test } from "vitest";
import { findLiterals } from "./literals.js";

/** @param {string} source */
const problems = (source) => findLiterals("part.tsx", source).map(({ problem }) => problem);

test.each([
  ["text between tags", "const a = () => <p>Saved</p>;"],
  ["a part of a choice", "const a = () => <p>{busy ? `saving ${name}` : name}</p>;"],
  ["a label", 'const a = () => <Field label="key" />;'],
  ["a label that depends", 'const a = () => <Field label={busy ? "saving" : words.save} />;'],
  ["a default of a label", 'const a = ({ label = "Tags" }) => <Field label={label} />;'],
  ["a member of a list of choices", 'const a = [{ value: "x", label: "anyone" }];'],
  ["a notification", 'const a = () => toast.success("Flag saved");'],
  ["a sentence with a value in it", "const a = () => show(`Delete ${name}?`);"],
])("%s belongs in a catalog", (_, source) => {
  expect(problems(source)).toHaveLength(1);
});

test.each([
  ["a message", "const a = () => <Field label={messages.key} />;"],
  ["a class name", 'const a = () => <p className={busy ? "text-muted" : "text-ink"}>{name}</p>;'],
  ["a key of the keyboard", 'const a = (event) => event.key === "Enter";'],
  ["an error that only a programmer causes", 'const a = () => { throw new Error("no context"); };'],
  ["a path", 'const a = "/o/$org/flags";'],
  ["a type", 'const a: "Draft" | "Ready" = b;'],
  ["punctuation", "const a = () => <p>{name} · {key}</p>;"],
])("%s is no text for people", (_, source) => {
  expect(problems(source)).toEqual([]);
});

test("a message is read while rendering, not when its module is loaded", () => {
  const source = (use) => `import { messages } from "./messages";\n${use}`;
  expect(problems(source("const title = messages.title;"))).toHaveLength(1);
  expect(problems(source("const title = () => messages.title;"))).toEqual([]);
});
