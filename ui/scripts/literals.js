import ts from "typescript";

/** Attributes and members whose value a person reads, sees or hears. */
const TEXT_NAMES = new Set([
  "action",
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "caption",
  "description",
  "disabledReason",
  "explanation",
  "header",
  "help",
  "label",
  "lead",
  "message",
  "placeholder",
  "saved",
  "text",
  "title",
  "word",
  "words",
]);

/** A letter alone is a key to press. */
const WORD = /\p{L}{2}/u;
/** "Save", "Save changes", "No flags yet." - unlike keys, class names, paths and types. */
const SENTENCE = /^\p{Lu}\p{Ll}*(’\p{Ll}+)?[.!?…:]?$|^\p{Lu}[\p{L}’-]*,? \p{L}/u;

const COMPARISONS = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
]);

/**
 * @typedef {object} Finding
 * @property {number} line From 1.
 * @property {string} problem What is wrong and where it belongs.
 */

/**
 * Finds texts for people that stand in code instead of a message catalog, and messages that are read when a module is
 * loaded, before the reader's language is known.
 *
 * @param {string} name The file's name, which says whether it holds JSX.
 * @param {string} source
 * @returns {Finding[]}
 */
export function findLiterals(name, source) {
  const kind = name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, kind);
  const catalogs = importedCatalogs(file);
  /** @type {Finding[]} */
  const findings = [];
  /** @param {ts.Node} node @param {string} problem */
  const report = (node, problem) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    findings.push({ line: line + 1, problem });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (isForPeople(node)) report(node, `move the text ${quoted(node)} to a message catalog`);
    if (ts.isPropertyAccessExpression(node) && isEarly(node) && catalogs.has(node.expression.getText())) {
      report(node, `read ${node.getText()} while rendering: the language is chosen after modules are loaded`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

/** @param {ts.SourceFile} file @returns {Set<string>} The names by which the file knows message catalogs. */
function importedCatalogs(file) {
  const names = file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const bindings = statement.importClause?.namedBindings;
    if (!statement.moduleSpecifier.text.endsWith("/messages") || !bindings) return [];
    return ts.isNamedImports(bindings) ? bindings.elements.map((element) => element.name.text) : [];
  });
  return new Set(names);
}

/** @param {ts.Node} node @returns {boolean} */
function isForPeople(node) {
  if (ts.isJsxText(node)) return WORD.test(node.text);
  if (!isText(node)) return false;
  const texts = textsOf(node);
  if (!texts.some((text) => WORD.test(text))) return false;
  const { parent, through } = meaning(node);
  if (isCompared(node) || isForProgrammers(parent) || isClassName(parent)) return false;
  if (ts.isJsxExpression(parent) && !ts.isJsxAttribute(parent.parent)) return true;
  const named = ts.isJsxExpression(parent) ? parent.parent : parent;
  if (ts.isJsxAttribute(named) || (ts.isPropertyAssignment(named) && named.initializer === through)) {
    if (TEXT_NAMES.has(memberName(named.name))) return true;
  }
  return SENTENCE.test(texts.join("x"));
}

/** @param {ts.Node} node @returns {node is ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression} */
function isText(node) {
  return (
    ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)
  );
}

/** @param {ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression} node */
function textsOf(node) {
  if (!ts.isTemplateExpression(node)) return [node.text];
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
}

/**
 * What a text is given to: the attribute, member or element beyond the choices and brackets around it.
 *
 * @param {ts.Node} node
 */
function meaning(node) {
  let through = node;
  let parent = node.parent;
  while (
    ts.isConditionalExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    (ts.isBinaryExpression(parent) && !isComparison(parent))
  ) {
    through = parent;
    parent = parent.parent;
  }
  return { parent, through };
}

/** @param {ts.BinaryExpression} node */
function isComparison({ operatorToken: { kind } }) {
  return COMPARISONS.has(kind);
}

/** @param {ts.Node} node Whether it is a value that others are compared with, or the name of a member. */
function isCompared(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return isComparison(parent) || parent.left.getText() === "this.name";
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  return ts.isCaseClause(parent) || ts.isElementAccessExpression(parent);
}

/** @param {ts.Node} node Whether it makes an error that only a programmer can cause, or names a module's export. */
function isForProgrammers(node) {
  if (ts.isNewExpression(node)) return node.expression.getText() === "Error";
  return ts.isCallExpression(node) && /^lazy(Part|Page)$/.test(node.expression.getText());
}

/** @param {ts.Node} node Whether it is a member of `classNames`. */
function isClassName(node) {
  const holder = node.parent?.parent;
  return holder && ts.isPropertyAssignment(holder) && holder.name.getText() === "classNames";
}

/** @param {ts.PropertyName | ts.JsxAttributeName} name */
function memberName(name) {
  return ts.isStringLiteral(name) ? name.text : name.getText();
}

/** @param {ts.Node} node Whether it is evaluated as soon as its module is. */
function isEarly(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isTypeNode(at)) return false;
  }
  return true;
}

/** @param {ts.Node} node */
function quoted(node) {
  const text = node.getText().trim().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
