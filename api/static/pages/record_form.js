/** The form of one type: its fields by who may read them, what need not be said folded away, and all that is wrong at once. */

import { el } from "./dom.js";
import { input, isFixed } from "./record_fields.js";
import { spaced, unitOf } from "./record_leaves.js";

/** @import {Context, Entry, Input} from "./record_leaves.js" */
/** @typedef {{type: string, name: string, sentence: string, may: boolean, elsewhere: string | null, creates: "always" | "maybe" | "never", shape: any, fields: Record<string, Entry>}} Described */

const READ_BY = /** @type {Record<string, [string, string]>} */ ({
  open: ["Open", "Stands in the log as it is: whoever holds the log can read it."],
  clinical: ["Clinical", "Sealed: kept so that only care sees it."],
  sensitive: ["Sensitive", "Sealed, and apart from the rest: kept so that only care sees it."],
  identity: ["Identity", "Sealed: who somebody is, kept apart from what happened to them."],
});

/**
 * @param {Described} described @param {Context} context
 * @returns what was made: `read` gives the values and how many of them cannot stand so, each told in its place
 */
export function makeForm(described, context) {
  const inputs = /** @type {Map<string, Input>} */ (new Map());
  const sections = /** @type {Map<string, {needed: Element[], maybe: Element[]}>} */ (new Map());
  for (const [name, entry] of Object.entries(described.fields)) {
    const made = input(entry, name, spaced(name), context);
    const key = [entry.privacy, entry.slot].filter(Boolean).join(" ");
    const section = sections.get(key) ?? { needed: [], maybe: [] };
    section[entry.optional ? "maybe" : "needed"].push(made.node);
    sections.set(key, section);
    inputs.set(name, made);
  }
  const node = el("div", { class: "entries" }, [...sections].map(([key, section]) => drawn(key, section)));

  return {
    node, inputs,

    /** @returns {{fields: Record<string, any>, bad: [string, string][]}} */
    read() {
      const bad = /** @type {[string, string][]} */ ([]);
      const into = { bad: (/** @type {string} */ path, /** @type {string} */ why) => bad.push([path, why]) };
      const fields = Object.fromEntries([...inputs].map(([name, each]) => [name, each.read(into)]));
      bad.push(...doubted(described.fields, fields));
      return { fields, bad };
    },

    /** @param {Record<string, any>} values */
    write(values) {
      for (const [name, value] of Object.entries(values)) {
        inputs.get(name)?.write(value);
        if (value !== null) unfold(inputs.get(name)?.node);
      }
    },

    /** Say in place what is wrong, and go to the first. @param {[string, string][]} bad @returns {boolean} whether every one has its place */
    fail(bad) {
      const places = [...node.querySelectorAll("[data-entry]")];
      let first = /** @type {Element | null} */ (null);
      let all = true;
      for (const [path, why] of bad) {
        const place = places.filter((each) => path === each.getAttribute("data-entry") || path.startsWith(`${each.getAttribute("data-entry")}.`)).at(-1) ?? places.find((each) => each.getAttribute("data-entry")?.startsWith(`${path}.`));
        if (!place) {
          all = false;
          continue;
        }
        unfold(place);
        const wrong = [...place.children].find((each) => each.classList.contains("wrong"));
        if (wrong) wrong.textContent = why;
        const control = place.querySelector("input, select, textarea");
        control?.setAttribute("aria-invalid", "true");
        first ??= control;
      }
      /** @type {HTMLElement | null} */ (first)?.focus();
      return all;
    },

    clear() {
      for (const each of node.querySelectorAll(".wrong")) each.textContent = "";
      for (const each of node.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    },
  };
}

/** @param {string} key @param {{needed: Element[], maybe: Element[]}} section */
function drawn(key, { needed, maybe }) {
  const [privacy, slot] = key.split(" ");
  const [title, told] = READ_BY[privacy];
  return el(
    "section",
    { class: `readers readers-${privacy}`, "aria-label": slot ? `${title}, of ${slot.toUpperCase()}` : title },
    el("h2", {}, slot ? `${title}, of ${slot.toUpperCase()} alone` : title),
    el("p", { class: "note" }, told),
    needed,
    maybe.length > 0 && el("details", { open: !needed.length && maybe.length < 4 }, el("summary", {}, `What need not be said (${maybe.length})`), maybe),
  );
}

/** @param {Element | undefined} node */
function unfold(node) {
  for (let at = node?.closest("details"); at; at = at.parentElement?.closest("details")) at.open = true;
}

/**
 * Values that are possible and yet doubtful need the signer's word, where the type has a place for it.
 *
 * @param {Record<string, Entry>} entries @param {Record<string, any>} fields @returns {[string, string][]}
 */
function doubted(entries, fields) {
  if (!("confirmed" in entries) || fields.confirmed) return [];
  return Object.entries(entries).flatMap(([name, entry]) => doubtedIn(entry, fields[name], name));
}

/** @param {Entry} entry @param {any} value @param {string} path @returns {[string, string][]} */
function doubtedIn(entry, value, path) {
  if (value === null || value === undefined) return [];
  if (entry.kind === "part") return Object.entries(entry.of).flatMap(([name, each]) => doubtedIn(each, value[name], `${path}.${name}`));
  if (!entry.plausible) return [];
  const [low, high] = entry.plausible.map(Number);
  return Number(value) < low || Number(value) > high ? [[path, `Outside ${low} to ${high} [D]. If it is right, say why under “Confirmed”.`]] : [];
}

/** What was entered, as it is read before it is signed. @param {Record<string, Entry>} entries @param {Record<string, any>} fields @param {Context} context @returns {[string, string][]} */
export const said = (entries, fields, context) =>
  Object.entries(entries).filter(([name]) => fields[name] !== null && !(Array.isArray(fields[name]) && !fields[name].length && !entries[name].optional)).flatMap(([name, entry]) => rows(spaced(name), entry, fields[name], context));

/** A part of many, such as the figures of a protocol, is read line by line. @param {string} label @param {Entry} entry @param {any} value @param {Context} context @returns {[string, string][]} */
function rows(label, entry, value, context) {
  if (entry.kind !== "part" || value === null || value.systolic !== undefined || Object.keys(entry.of).length < 4) return [[label, words(entry, value, context)]];
  return Object.entries(entry.of).filter(([name, each]) => value[name] !== null && !isFixed(each)).flatMap(([name, each]) => rows(`${label} · ${spaced(name).toLowerCase()}`, each, value[name], context));
}

/** @param {Entry} entry @param {any} value @param {Context} context @returns {string} */
function words(entry, value, context) {
  if (value === null) return "not said";
  switch (entry.kind) {
    case "yes-no":
      return value ? "yes" : "no";
    case "list":
      return value.length ? value.map((/** @type {any} */ each) => words(entry.of, each, context)).join("; ") : "nothing";
    case "part": {
      if (value.systolic !== undefined) return `${value.systolic}/${value.diastolic} mmHg`;
      const told = Object.entries(entry.of).filter(([name, each]) => value[name] !== null && !isFixed(each));
      return told.length === 1 ? words(told[0][1], value[told[0][0]], context) : told.map(([name, each]) => `${spaced(name).toLowerCase()} ${words(each, value[name], context)}`).join(", ");
    }
    case "record":
      return (context.known[entry.of] ?? []).find(({ id }) => id === value)?.code ?? "one that is not known here";
    case "entry":
      return context.named?.get(value.dig) ?? "the entry chosen";
    case "until":
      return value.local;
    case "time":
      return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: context.zone() }).format(new Date(value));
    case "hash":
      return value;
    case "choice":
      return String(value).replaceAll("-", " ");
    default:
      return [typeof value === "object" ? JSON.stringify(value) : String(value), unitOf(entry)].filter(Boolean).join(" ");
  }
}
