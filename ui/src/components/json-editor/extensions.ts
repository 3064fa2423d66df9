import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { formatJson, readJson } from "@/lib/json";

const LINT_PAUSE_MS = 300;

/** Lays the whole text out anew, as one step that can be undone. */
const formatAll: Command = (view) => {
  const text = view.state.doc.toString();
  const formatted = formatJson(text);
  if (view.state.readOnly || formatted === text) return true;
  view.dispatch({ changes: { from: 0, to: text.length, insert: formatted } });
  return true;
};

const errors = linter(
  ({ state }) => {
    const read = readJson(state.doc.toString());
    if (!("problem" in read)) return [];
    const { from, to, message } = read.problem;
    return [{ from, to: Math.max(from, to), severity: "error", message }];
  },
  { delay: LINT_PAUSE_MS },
);

// The dashboard's own colors: their variables follow the theme, so the editor does too.
const colors = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--ink)" },
    { tag: tags.string, color: "var(--on-text)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--warn-text)" },
    { tag: [tags.punctuation, tags.separator], color: "var(--muted)" },
  ]),
);

const look = EditorView.theme({
  "&": {
    fontSize: "12px",
    color: "var(--ink)",
    backgroundColor: "var(--panel)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    overflow: "hidden",
  },
  "&:has(.cm-content[aria-invalid])": { borderColor: "var(--red-text)" },
  "&.cm-focused": { outline: "1px solid var(--teal)", borderColor: "var(--teal)" },
  ".cm-scroller": { fontFamily: "'Geist Mono Variable', ui-monospace, monospace", lineHeight: "20px" },
  ".cm-content": { padding: "6px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 8px" },
  ".cm-gutters": {
    backgroundColor: "var(--sunken)",
    color: "var(--faint)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "26px", padding: "0 6px" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--teal-soft)",
    outline: "1px solid var(--teal-line)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--red-soft)" },
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "6px",
    backgroundColor: "var(--float)",
    color: "var(--ink)",
    boxShadow: "var(--shadow-2)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--red)" },
});

/** Everything that a JSON editor of the dashboard has. Tab is not bound, so it leaves the editor. */
export const jsonExtensions: Extension = [
  lineNumbers(),
  history(),
  bracketMatching(),
  closeBrackets(),
  indentOnInput(),
  json(),
  errors,
  colors,
  look,
  EditorView.lineWrapping,
  keymap.of([
    { key: "Shift-Alt-f", run: formatAll },
    ...closeBracketsKeymap,
    // Left to the form around it, which it sends.
    ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ...historyKeymap,
  ]),
];
