import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { jsonExtensions } from "./extensions";

export interface CodeEditorProps {
  /** Attributes of the element that takes the focus. */
  attributes: Readonly<Record<string, string | undefined>>;
  value: string;
  readOnly: boolean;
  /** Where the cursor is to start, asked once; `null` leaves the focus where it is. */
  startsAt: () => number | null;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
}

/** CodeMirror with JSON: loaded by `JsonEditor` when the first one is shown. */
export function CodeEditor(props: CodeEditorProps) {
  const { attributes, value, readOnly } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const settings = useRef(new Compartment()).current;

  useEffect(() => {
    if (!host.current) return;
    const start = latest.current.startsAt();
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        ...(start === null ? {} : { selection: { anchor: start } }),
        extensions: [
          jsonExtensions,
          settings.of(settingsOf(latest.current)),
          EditorView.updateListener.of(({ docChanged, state }) => {
            const text = state.doc.toString();
            if (docChanged && text !== latest.current.value) latest.current.onChange(text);
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onBlur?.() }),
        ],
      }),
    });
    if (start !== null) made.focus();
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [settings]);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);

  const signature = JSON.stringify([attributes, readOnly]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the attributes are compared by what they say
  useEffect(() => {
    view.current?.dispatch({ effects: settings.reconfigure(settingsOf(latest.current)) });
  }, [signature, settings]);

  return <div ref={host} className="min-w-0" />;
}

function settingsOf({ attributes, readOnly }: Pick<CodeEditorProps, "attributes" | "readOnly">) {
  const given = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return [
    EditorView.contentAttributes.of({
      ...Object.fromEntries(given),
      ...(readOnly ? { "aria-readonly": "true", tabindex: "0" } : {}),
    }),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
  ];
}
