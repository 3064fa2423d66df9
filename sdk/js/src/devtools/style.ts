/** How the devtools look: in a shadow root, so that neither they nor the page change the other. */
export const STYLE = `
:host {
  all: initial;
  color-scheme: light dark;
  --panel: light-dark(#fff, #1b2224);
  --sunken: light-dark(#f2f5f5, #151b1d);
  --line: light-dark(#d8dfe0, #364043);
  --ink: light-dark(#1d2729, #edf1f1);
  --muted: light-dark(#4e5b5e, #a9b5b8);
  --brand: light-dark(#0d6560, #62d3c6);
  --brand-ink: light-dark(#fff, #0b2422);
  --boo: #f5b83d;
  --boo-soft: light-dark(#fff6dd, #3a2f14);
  --boo-ink: light-dark(#6b4a00, #ffd98a);
  --danger: light-dark(#b3261e, #ff9a92);
  font: 13px/1.45 system-ui, sans-serif;
}
* { box-sizing: border-box; font: inherit; }
[hidden] { display: none !important; }
.root { position: fixed; inset: auto 16px 16px auto; z-index: 2147483647; color: var(--ink); }
button, input, select, textarea {
  color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px;
}
button { cursor: pointer; font-weight: 600; }
:focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
.toggle {
  float: right; border-radius: 999px; padding: 9px 16px; background: var(--brand); color: var(--brand-ink);
  border-color: transparent; box-shadow: 0 6px 20px rgb(0 0 0 / 0.25);
}
.toggle.marked { background: var(--boo); color: #3a2900; }
.panel {
  display: flex; flex-direction: column; width: min(420px, calc(100vw - 32px)); max-height: min(640px, calc(100vh - 90px));
  margin-bottom: 12px; overflow: hidden; background: var(--panel); border: 1px solid var(--line); border-radius: 12px;
  box-shadow: 0 12px 40px rgb(0 0 0 / 0.28);
}
header { padding: 14px 16px 12px; border-bottom: 1px solid var(--line); display: grid; gap: 8px; }
.title { display: flex; align-items: center; gap: 8px; }
h2 { margin: 0; font-size: 15px; font-weight: 650; flex: 1; }
.about { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
.search { display: flex; gap: 8px; }
.search input { flex: 1; min-width: 0; padding: 7px 10px; background: var(--sunken); }
ul { list-style: none; margin: 0; padding: 0; overflow-y: auto; overscroll-behavior: contain; }
li { padding: 11px 16px 12px; border-bottom: 1px solid var(--line); border-left: 4px solid transparent; }
li:last-child { border-bottom: 0; }
li.overridden { background: var(--boo-soft); border-left-color: var(--boo); }
.top { display: flex; gap: 12px; align-items: baseline; justify-content: space-between; }
.key { font-weight: 650; overflow-wrap: anywhere; }
.value {
  font: 12px/1.4 ui-monospace, monospace; max-width: 60%; overflow-wrap: anywhere; text-align: right;
  max-height: 6em; overflow: hidden;
}
p { margin: 2px 0 0; }
.why { color: var(--muted); }
.mark { color: var(--boo-ink); font-weight: 600; overflow-wrap: anywhere; }
.problem { color: var(--danger); flex-basis: 100%; }
.problem:empty { display: none; }
.empty { padding: 18px 16px; color: var(--muted); }
li > button { margin-top: 6px; }
details { margin-top: 4px; }
summary { color: var(--brand); cursor: pointer; width: fit-content; font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: 8px; padding-top: 6px; }
.slot { flex: 1; display: flex; min-width: 0; }
.slot > * { flex: 1; min-width: 0; }
textarea { font: 12px/1.4 ui-monospace, monospace; resize: vertical; }
`;
