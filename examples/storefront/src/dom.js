/**
 * The element of this id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`there is no #${id}`);
  return element;
}

/**
 * Makes an element with attributes and children. Text is text: nothing that a flag holds becomes markup.
 *
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Makes an SVG from one of this page's own drawings.
 *
 * @param {string} art
 * @param {string} viewBox
 */
export function drawing(art, viewBox) {
  const template = document.createElement("template");
  template.innerHTML = `<svg viewBox="${viewBox}" aria-hidden="true" preserveAspectRatio="xMaxYMax slice">${art}</svg>`;
  return template.content;
}

const euros = new Intl.NumberFormat("en-IE", {
  style: "currency",
  currency: "EUR",
  trailingZeroDisplay: "stripIfInteger",
});

/** @param {number} amount */
export function money(amount) {
  return euros.format(amount);
}
