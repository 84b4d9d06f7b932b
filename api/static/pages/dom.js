/** Elements, made by calls instead of markup: nothing that was typed is ever read as HTML. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. `on…` members are listeners, true and false are attributes without a value, the rest are attributes.
 *
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(Child | Child[])} children
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...present(children));
  return made;
}

/** Put these in the place of whatever an element held. @param {Element} into @param {...(Child | Child[])} children */
export function fill(into, ...children) {
  into.replaceChildren(...present(children));
}

/** Say a text to people who listen, once. @param {Element} region @param {string} text */
export function say(region, text) {
  if (region.textContent !== text) region.textContent = text;
}

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
const present = (children) =>
  /** @type {any} */ (children.flat().filter((child) => child !== null && child !== undefined && child !== false).map((child) => (typeof child === "number" ? String(child) : child)));
