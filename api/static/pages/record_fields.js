/** The fields of a form, made from what the service says of the type: single values, parts, lists, folded where optional. */

import { el, fill } from "./dom.js";
import { besides, chosen, fresh, spaced, told, typed } from "./record_leaves.js";
import { entryChooser, recordChooser, wordChooser } from "./record_choosers.js";

/** @import {Context, Entry, Input, Reading} from "./record_leaves.js" */

/** More words than these stand in a list instead of on buttons. */
const MANY = 9;
const plain = (/** @type {any[]} */ options) => options.map((each) => /** @type {[any, string]} */ ([each, String(each).replaceAll("-", " ")]));

/** @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
export function input(entry, path, label, context) {
  const made = kinds(entry, path, label, context);
  if (entry.default !== undefined) made.write(entry.default);
  return made;
}

/** @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
function kinds(entry, path, label, context) {
  switch (entry.kind) {
    case "choice":
      if (isFixed(entry)) return fixed(entry.options[0], path);
      return (entry.options.length > MANY ? wordChooser : chosen)(entry, path, label, context, plain(entry.options));
    case "yes-no":
      return chosen(entry, path, label, context, [[true, "Yes"], [false, "No"]]);
    case "record":
      return recordChooser(entry, path, label, context);
    case "entry":
      return entryChooser(entry, path, label, context);
    case "part":
      return part(entry, path, label, context);
    case "list":
      return entry.optional ? maybeList(entry, path, label, context) : list(entry, path, label, context);
    default:
      return typed(entry, path, label, context);
  }
}

/** @param {Entry} entry */
export const isFixed = (entry) => entry.kind === "choice" && entry.options.length === 1 && !entry.optional;

/** What can be only one thing is not asked. @param {any} value @param {string} path @returns {Input} */
const fixed = (value, path) => ({ node: el("span", { hidden: true }), path, isEmpty: () => true, read: () => value, write: () => {} });

/** A value of several; one that has a single thing to enter, such as so many mg, stands as that. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
function part(entry, path, label, context) {
  const asked = Object.entries(entry.of).filter(([, each]) => !isFixed(each));
  const single = asked.length === 1;
  // people say a pressure with its upper number first, whatever the order in which it is kept
  const inner = Object.entries(entry.of).sort(([one], [other]) => Number(other === "systolic") - Number(one === "systolic")).map(([name, each]) => {
    const own = single && name === asked[0][0] ? { ...each, help: [entry.about, entry.help, each.help].filter(Boolean).join(" "), optional: entry.optional } : each;
    return /** @type {[string, Input]} */ ([name, input(own, `${path}.${name}`, single ? label : spaced(name), context)]);
  });
  const inputs = inner.map(([, each]) => each);
  const isEmpty = () => inputs.every((each) => each.isEmpty());
  const note = told([entry.about, entry.help].filter(Boolean).join(" "));
  const id = fresh();
  const node = single
    ? el("div", { class: "single" }, inputs.map((each) => each.node))
    : el("fieldset", { class: "part entry", "data-entry": path, "aria-describedby": note ? id : null }, el("legend", {}, label, entry.optional && el("span", { class: "maybe" }, " · optional")), note && el("p", { class: "note", id }, note), el("div", { class: "part-inside" }, inputs.map((each) => each.node)));
  return {
    node, path, isEmpty,
    read(into) {
      if (entry.optional && isEmpty()) return null;
      return Object.fromEntries(inner.map(([name, each]) => [name, each.read(into)]));
    },
    write: (value) => inner.forEach(([name, each]) => each.write(value === null ? null : value[name])),
    fail: (why) => inputs.find((each) => each.fail)?.fail?.(why),
  };
}

/** Several of a few as buttons, anything else in rows that are added and removed. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
function list(entry, path, label, context) {
  if (entry.of.kind === "choice") return chosen({ ...entry, optional: false }, path, label, context, plain(entry.of.options), { many: true });
  let rows = /** @type {{input: Input, node: Element}[]} */ ([]);
  const place = el("ol", { class: "rows" });
  const wrong = el("p", { class: "wrong" });
  const add = el("button", { type: "button", "data-add": path, onclick: () => (row(), focusOn(rows.at(-1)?.node), context.changed(path)) }, `Add to ${label.toLowerCase()}`);
  const note = besides(entry.of.kind === "part" ? { help: [entry.of.about, entry.help].filter(Boolean).join(" ") } : { ...entry.of, help: entry.help });
  const node = el("fieldset", { class: "part entry", "data-entry": path }, el("legend", {}, label, el("span", { class: "maybe" }, " · none or several")), note && el("p", { class: "note" }, note), place, add, wrong);

  function row() {
    const made = input({ ...entry.of, slot: entry.slot, words: undefined, help: undefined, about: undefined }, `${path}.${rows.length}`, `${label}, ${rows.length + 1}`, context);
    const own = { input: made, node: el("li", {}, made.node, el("button", { type: "button", class: "quiet", "aria-label": `Remove ${label.toLowerCase()} ${rows.length + 1}`, onclick: () => drop(own) }, "Remove")) };
    rows.push(own);
    fill(place, rows.map((each) => each.node));
    if (entry.most) add.toggleAttribute("disabled", rows.length >= entry.most);
    return made;
  }
  /** The rows after it are made anew, so that each knows its place. @param {{input: Input}} own */
  function drop(own) {
    const rest = rows.filter((each) => each !== own).map((each) => each.input.read({ bad: () => {} }));
    write(rest);
    /** @type {HTMLElement} */ (add).focus();
    context.changed(path);
  }
  /** @param {any[]} values */
  function write(values) {
    rows = [];
    fill(place);
    add.removeAttribute("disabled");
    for (const value of values ?? []) row().write(value);
  }
  return { node, path, isEmpty: () => !rows.length, read: (into) => rows.map((each) => each.input.read(into)), write, fail: (why) => fill(wrong, why) };
}

/** A list that says something also when it is empty: whether it was looked at is asked first. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
function maybeList(entry, path, label, context) {
  const inside = list({ ...entry, optional: false }, path, label, context);
  const id = fresh();
  const said = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id, "data-path": `${path}?` }));
  const show = () => inside.node.toggleAttribute("hidden", !said.checked);
  said.addEventListener("change", () => (show(), context.changed(path)));
  show();
  return {
    node: el("div", { class: "entry maybe-list" }, el("p", { class: "tick" }, said, el("label", { for: id }, `${label}: looked at; what is listed is all there is, also when it is nothing`)), inside.node),
    path,
    isEmpty: () => !said.checked,
    read: (into) => (said.checked ? inside.read(into) : null),
    write(value) {
      said.checked = value !== null;
      inside.write(value ?? []);
      show();
    },
    fail: inside.fail,
  };
}

/** @param {Element | undefined} node */
const focusOn = (node) => /** @type {HTMLElement | null | undefined} */ (node?.querySelector("input, select, textarea"))?.focus();
