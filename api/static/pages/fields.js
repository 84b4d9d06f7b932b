/** The fields of a sheet: choices as large buttons, yes or no, texts and times. Nothing is chosen beforehand. */

import { el } from "./dom.js";
import { clockTime, fromLocal } from "./times.js";
import { serverNow } from "./server_time.js";

/** @typedef {{node: Element, read: () => any}} Field what it shows, and what was entered: null when nothing */

let count = 0;
const fresh = () => `field-${++count}`;

/**
 * One of several, or several of them.
 *
 * @param {string} name @param {string} label @param {[string, string][]} options value and word
 * @param {{many?: boolean, chosen?: any}} [how] @returns {Field}
 */
export function choice(name, label, options, { many = false, chosen } = {}) {
  const group = fresh();
  const inputs = options.map(([value]) =>
    /** @type {HTMLInputElement} */ (
      el("input", { type: many ? "checkbox" : "radio", name: group, id: `${group}-${value}`, value, "data-field": name, "data-value": value, checked: many ? chosen?.includes(value) : value === chosen })
    ),
  );
  const node = el(
    "fieldset",
    { class: "choice" },
    el("legend", {}, label),
    el("div", { class: "options" }, options.map(([value, word], at) => el("span", {}, inputs[at], el("label", { for: `${group}-${value}` }, word)))),
  );
  return {
    node,
    read() {
      const on = inputs.filter((input) => input.checked).map((input) => input.value);
      return many ? on : (on[0] ?? null);
    },
  };
}

/** @param {string} name @param {string} label @returns {Field} true, false or null */
export function yesNo(name, label) {
  const field = choice(name, label, [["yes", "Yes"], ["no", "No"]]);
  return { node: field.node, read: () => ({ yes: true, no: false })[/** @type {"yes" | "no"} */ (field.read())] ?? null };
}

/** @param {string} name @param {string} label @param {Record<string, any>} [attributes] @returns {Field} */
export function text(name, label, attributes = {}) {
  const id = fresh();
  const input = /** @type {HTMLInputElement} */ (el("input", { id, type: "text", autocomplete: "off", "data-field": name, ...attributes }));
  return { node: el("div", { class: "field" }, el("label", { for: id }, label), input), read: () => input.value.trim() || null };
}

/** A time of the last day at a place; a time later than now was yesterday. @param {string} name @param {string} label @param {string} zone @returns {Field} */
export function pastTime(name, label, zone) {
  const field = text(name, label, { type: "time" });
  return {
    node: field.node,
    read() {
      const typed = field.read();
      if (!typed) return null;
      const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(serverNow()));
      const at = fromLocal(`${day}T${typed}`, zone);
      return at > serverNow() ? at - 86_400_000 : at;
    },
  };
}

/** When it happened: now, or some minutes ago. @param {string} zone */
export function whenField(zone) {
  let back = 0;
  const shown = el("output", { class: "when-shown", "data-when": true });
  const words = () => {
    const at = Math.floor(serverNow() / 60_000) * 60_000 - back * 60_000;
    shown.textContent = back ? `${clockTime(at, zone)} · ${back} min ago` : `now · ${clockTime(serverNow(), zone)}`;
  };
  const move = (/** @type {number} */ minutes) => () => {
    back = minutes ? Math.min(back + minutes, 600) : 0;
    words();
  };
  words();
  return {
    node: el(
      "div",
      { class: "when", role: "group", "aria-label": "When it happened" },
      el("span", {}, "Happened"),
      shown,
      el("button", { type: "button", "data-action": "minus-1", onclick: move(1), "aria-label": "One minute earlier" }, "−1 min"),
      el("button", { type: "button", "data-action": "minus-5", onclick: move(5), "aria-label": "Five minutes earlier" }, "−5 min"),
      el("button", { type: "button", "data-action": "now", onclick: move(0) }, "Now"),
    ),
    /** @returns {import("./recording.js").When} */
    read: () =>
      back
        ? { at: Math.floor(serverNow() / 60_000) * 60_000 - back * 60_000, precision: "min" }
        : { at: Math.floor(serverNow() / 1000) * 1000, precision: "s" },
  };
}
