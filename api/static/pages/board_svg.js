/** Drawings: elements of SVG, and the few signs that the common icons lack. */

import { icon } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  unknown: "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.6M12 18.3v.4",
  none: "M6 12h12",
  live: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
  broken: "M3 3l18 18M8 7c5-2.4 11 .5 13.5 5M16 17.5C10.5 20 4.500 17 2.500 12",
};

/** @typedef {Node | string | null | undefined | false} Child */

/** An element of a drawing. @param {string} tag @param {Record<string, string | number | null>} [attributes] @param {...(Child | Child[])} children */
export function draw(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, String(value));
  made.append(.../** @type {(Node | string)[]} */ (children.flat().filter(Boolean)));
  return made;
}

/** A small drawing beside a word that says the same. @param {keyof typeof PATHS | Parameters<typeof icon>[0]} name */
export function sign(name) {
  if (!(name in PATHS)) return icon(/** @type {Parameters<typeof icon>[0]} */ (name));
  const path = draw("path", { d: PATHS[/** @type {keyof typeof PATHS} */ (name)] });
  return draw("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, path);
}
