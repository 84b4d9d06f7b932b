/**
 * Values by number pad, one after another; it goes on by itself when no further digit can follow.
 *
 * Nothing is filled in beforehand, and nothing has to be: a value that was not read stays empty, or says why.
 */

import { el, fill } from "./dom.js";
import { isComplete, READINGS } from "./readings.js";

const REASONS = [
  ["declined", "Declined"], ["asleep", "Asleep"], ["device-failed", "Device failed"], ["device-missing", "No device"],
  ["not-safe", "Not safe"], ["partner-emergency", "Partner's emergency"], ["no-time", "No time"], ["other", "Other"],
];

/** @param {string[]} names of READINGS, in the order of the pad @param {() => void} changed */
export function numberPad(names, changed) {
  const digits = /** @type {Record<string, string>} */ (Object.fromEntries(names.map((name) => [name, ""])));
  const missing = /** @type {Map<string, string>} */ (new Map());
  let current = names[0];
  let isFresh = true;

  const rows = Object.fromEntries(
    names.map((name) => {
      const value = el("span", { class: "value" });
      const row = el(
        "button",
        { type: "button", class: "reading", "data-reading": name, onclick: () => turnTo(name) },
        el("span", { class: "label" }, READINGS[name].label), value, el("span", { class: "unit" }, READINGS[name].unit),
      );
      return [name, { row, value }];
    }),
  );
  const press = (/** @type {string} */ digit) => {
    const typed = (isFresh ? "" : digits[current]).replace(/^0$/, "") + digit;
    if (Number(typed) > READINGS[current].possible[1]) return show(`${READINGS[current].label} cannot be ${typed}.`);
    digits[current] = typed;
    isFresh = false;
    missing.delete(READINGS[current].item ?? "");
    if (isComplete(READINGS[current], typed)) next();
    show();
  };
  const next = () => turnTo(names.find((name, at) => at > names.indexOf(current) && digits[name] === "") ?? current);
  const erase = () => {
    digits[current] = isFresh ? "" : digits[current].slice(0, -1);
    isFresh = false;
    show();
  };
  const key = (/** @type {string} */ label, /** @type {() => void} */ does, attributes = {}) => el("button", { type: "button", class: "pad-key", onclick: does, ...attributes }, label);
  const why = /** @type {HTMLSelectElement} */ (
    el("select", { "aria-label": "Why this value is missing", "data-field": "missing" }, el("option", { value: "" }, "Not read because…"), REASONS.map(([value, word]) => el("option", { value }, word)))
  );
  why.addEventListener("change", () => {
    if (!why.value) return;
    digits[current] = "";
    missing.set(READINGS[current].item ?? "", why.value);
    why.value = "";
    next();
    show();
  });
  const message = el("p", { class: "pad-message", role: "status" });
  const pad = el(
    "div",
    { class: "pad", role: "group", "aria-label": "Number pad" },
    [..."123456789"].map((digit) => key(digit, () => press(digit), { "data-digit": digit })),
    key("Erase", erase, { "data-digit": "erase" }),
    key("0", () => press("0"), { "data-digit": "0" }),
    key("Next", () => (next(), show()), { "data-digit": "next" }),
  );
  const node = el("div", { class: "number-pad" }, el("div", { class: "readings" }, Object.values(rows).map(({ row }) => row), why), el("div", {}, pad, message));
  node.addEventListener("keydown", (event) => {
    const { key: pressed, target } = /** @type {KeyboardEvent} */ (event);
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (/^\d$/.test(pressed)) press(pressed);
    else if (pressed === "Backspace") erase();
    else return;
    event.preventDefault();
  });
  show();

  /** @param {string} name */
  function turnTo(name) {
    current = name;
    isFresh = true;
    show();
  }

  function show(said = "") {
    for (const [name, { row, value }] of Object.entries(rows)) {
      const absent = missing.get(READINGS[name].item ?? "");
      fill(value, digits[name] || (absent ? REASONS.find(([each]) => each === absent)?.[1] : "–"));
      row.setAttribute("aria-pressed", String(name === current));
    }
    message.textContent = said;
    changed();
  }

  return {
    node,
    /** The numbers, null where nothing was entered. @returns {Record<string, number | null>} */
    read: () => Object.fromEntries(names.map((name) => [name, digits[name] === "" ? null : Number(digits[name])])),
    /** What was meant to be read and was not. */
    missing: () => [...missing].map(([item, reason]) => ({ item, reason })),
  };
}

/** Numbers as the members of an event: both pressures in one. @param {Record<string, number | null>} values */
export function asFields({ systolic = null, diastolic = null, ...others }) {
  return { blood_pressure: systolic !== null && diastolic !== null ? { systolic, diastolic } : null, ...others };
}
