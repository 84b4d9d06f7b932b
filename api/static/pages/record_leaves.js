/** One value of a form: a text, a number, a time, a choice; each says in place what is wrong with what was entered. */

import { sha256Hex } from "../signing/crypto.js";
import { el, fill } from "./dom.js";
import { toInstant } from "./server_time.js";
import { fromLocal, localWording } from "./times.js";

/** @typedef {Record<string, any>} Entry how a field is entered, as the service says it (api/web/forms.py) */
/** @typedef {{bad: (path: string, why: string) => void}} Reading */
/**
 * @typedef {object} Input
 * @property {Element} node
 * @property {string} path
 * @property {(into: Reading) => any} read null when nothing was entered; what is wrong is told to `into`
 * @property {(value: any) => void} write as if it had been entered
 * @property {() => boolean} isEmpty
 * @property {(why: string) => void} [fail] say in place what is wrong; an empty text takes it back
 */
/** @typedef {{zone: () => string, known: Record<string, any[]>, record: () => string | null, changed: (path: string) => void, entries: (on: string, types: string[]) => Promise<any[]>, onRecord: (again: () => void) => void, named?: Map<string, string>}} Context what an entry says by its digest, and the rest of what a form is made with */

const UNITS = /** @type {Record<string, string>} */ ({ "{score}": "score", "mm[Hg]": "mmHg", Cel: "°C", d: "days", h: "hours", s: "seconds", 1: "pieces", "/min": "per minute" });
/** What a label says already. */
const SAID = new Set(["one line of text", "short printable code", "phone number", "date at the location", "decimal as text", "decimal limit, in the unit of its name", "free text, at most 280 characters", "mass", "whole number", "staff/…", "person/…", "couple/…", "session/…", "location/…", "protocol/…", "stock/…"]);
/** The unit beside a value; a score has none. @param {Entry} entry */
export const unitOf = ({ unit }) => (!unit || unit === "{score}" ? "" : (UNITS[unit] ?? unit));
let count = 0;
export const fresh = () => `entry-${++count}`;

/** What is written otherwise than it is called. */
const SPELLED = /** @type {Record<string, string>} */ ({
  aed: "AED", asa: "ASA", bls: "BLS", bp: "BP", cadss6: "CADSS-6", cssrs: "C-SSRS", dea: "DEA", ed: "ED", gad7: "GAD-7", id: "ID", moaas: "MOAA/S", padss: "PADSS", pdmp: "PDMP", phq9: "PHQ-9", rass: "RASS", spo2: "SpO₂",
});

/** @param {string} name */
export function spaced(name) {
  const words = name.split("_").map((word) => SPELLED[word] ?? word).join(" ").replace(/ (a|b)$/, (_, slot) => ` of ${slot.toUpperCase()}`);
  return words[0].toUpperCase() + words.slice(1);
}

/** A description as it is read at a desk: fields by their labels, and what is left out as not said. @param {string} text */
export const told = (text) => text.replaceAll(/`([a-z][a-z0-9_]*)`/g, (_, name) => `“${spaced(name)}”`).replaceAll("`", "").replaceAll(/\bnull\b/g, "not said").replace(/;$/, ".");

/** What stands beside a field: what it holds, in which unit, within which bounds. @param {Entry} entry */
export function besides(entry) {
  const range = entry.low !== undefined || entry.above !== undefined ? `${entry.above !== undefined ? `above ${entry.above}` : `${entry.low}`} to ${entry.high}` : "";
  const figures = [
    Number(entry.high) < 10_000 && range && `possible ${range}`,
    entry.plausible && `usual ${entry.plausible.join(" to ")}`,
    entry.places !== undefined && entry.unit && `to ${entry.places} decimals`,
  ].filter(Boolean);
  const words = entry.kind === "hash" ? "the hash of the exact text or file" : entry.kind === "time" || SAID.has(entry.words) ? "" : entry.words;
  const said = [words, figures.length > 0 && `${figures.join(", ")} [D]`, entry.default !== undefined && "our figure stands here [D]", entry.help && told(entry.help)];
  return said.filter(Boolean).join(" · ");
}

/**
 * A labelled control with its note and a place for what is wrong.
 *
 * @param {string} path @param {string} label @param {Entry} entry @param {HTMLElement[]} controls the first takes the focus
 * @param {{group?: boolean, after?: any}} [how] @returns {{node: Element, fail: (why: string) => void}}
 */
export function labelled(path, label, entry, controls, { group = false, after } = {}) {
  const id = fresh();
  const note = besides(entry);
  const wrong = el("p", { class: "wrong", id: `${id}-wrong` });
  const described = [note && `${id}-note`, `${id}-wrong`].filter(Boolean).join(" ");
  const title = [label, unitOf(entry) && el("span", { class: "unit" }, ` (${unitOf(entry)})`), entry.optional ? el("span", { class: "maybe" }, " · optional") : ""];
  const noted = note && el("p", { class: "note", id: `${id}-note` }, note);
  const [first] = controls;
  if (!group) first.id = id;
  first.setAttribute("aria-describedby", described);
  const node = group
    ? el("fieldset", { class: "choice entry", "data-entry": path, "aria-describedby": described }, el("legend", {}, title), noted, controls, after, wrong)
    : el("div", { class: "field entry", "data-entry": path }, el("label", { for: id }, title), noted, controls, after, wrong);
  return {
    node,
    fail(why) {
      wrong.textContent = why;
      for (const each of group ? node.querySelectorAll("input") : [first]) each.toggleAttribute("aria-invalid", Boolean(why));
      if (why) for (const each of group ? node.querySelectorAll("input") : [first]) each.setAttribute("aria-invalid", "true");
    },
  };
}

/** @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
export function typed(entry, path, label, context) {
  const rows = entry.kind === "long-text";
  const kind = { date: "date", clock: "time", time: "datetime-local", until: "datetime-local" }[/** @type {"date"} */ (entry.kind)] ?? "text";
  const list = suggestions(path, entry, context);
  const input = /** @type {HTMLInputElement} */ (
    el(rows ? "textarea" : "input", {
      ...(rows ? { rows: 2 } : { type: kind, step: kind === "datetime-local" ? 1 : null }),
      autocomplete: "off", "data-path": path, maxlength: entry.longest, spellcheck: rows ? "true" : "false",
      inputmode: entry.kind === "number" ? (entry.low < 0 ? "text" : "numeric") : entry.kind === "decimal" ? "decimal" : null,
      list: list && `${path}-list`,
    })
  );
  const zoned = kind === "datetime-local" && el("p", { class: "note", "data-zone-of": path }, context.zone());
  const from = entry.kind === "hash" && fileHash(path, (hash) => ((input.value = hash), context.changed(path)));
  const shown = labelled(path, label, entry, [input], { after: [zoned, from, list] });
  input.addEventListener("input", () => (shown.fail(""), context.changed(path)));
  return {
    ...shown, path,
    isEmpty: () => !input.value.trim(),
    read(into) {
      if (zoned) zoned.textContent = context.zone();
      const text = input.value.trim();
      if (!text) {
        if (input.validity.badInput) into.bad(path, "This is not a whole date or time.");
        else if (!entry.optional) into.bad(path, "This is needed.");
        return null;
      }
      const { value, why } = understood(text, entry, context.zone());
      if (why) into.bad(path, why);
      return value;
    },
    write: (value) => (input.value = value === null ? "" : written(value, entry, context.zone())),
  };
}

/** What somebody meant. @param {string} text @param {Entry} entry @param {string} zone @returns {{value: any, why?: string}} */
function understood(text, entry, zone) {
  switch (entry.kind) {
    case "number": {
      const value = Number(text);
      if (!/^-?\d{1,15}$/.test(text)) return { value: null, why: "A whole number is needed." };
      return { value, why: outside(value, entry) };
    }
    case "decimal": {
      const plain = text.replace(",", ".");
      if (!/^-?(?:0|[1-9]\d{0,11})(?:\.\d+)?$/.test(plain)) return { value: null, why: "A number is needed, such as 12.5." };
      if ((plain.split(".")[1] ?? "").length > entry.places) return { value: null, why: `At most ${entry.places} decimals.` };
      return { value: plain, why: outside(Number(plain), entry) };
    }
    case "time":
      return { value: toInstant(instant(text, zone)) };
    case "until":
      return { value: { at: toInstant(instant(text, zone)), local: localWording(instant(text, zone), zone) } };
    case "hash":
      return { value: text.toLowerCase(), why: /^[0-9a-f]{64}$/i.test(text) ? "" : "A SHA-256 is 64 letters and digits; choose the file instead." };
    case "anything":
      try {
        return { value: JSON.parse(text) };
      } catch {
        return { value: text };
      }
    default: {
      const fits = !entry.pattern || new RegExp(entry.pattern, "u").test(text);
      return { value: text, why: fits ? "" : `This does not read as ${entry.words ?? "a word in small letters, such as as-needed"}.` };
    }
  }
}

/** @param {number} value @param {Entry} entry */
function outside(value, { low, above, high }) {
  const bad = (low !== undefined && value < Number(low)) || (above !== undefined && value <= Number(above)) || (high !== undefined && value > Number(high));
  return bad ? `Impossible: ${above !== undefined ? `above ${above}` : low} to ${high} [D].` : "";
}

/** @param {string} text as a datetime-local input holds it @param {string} zone */
const instant = (text, zone) => fromLocal(text.slice(0, 16), zone) + Number(text.slice(17, 19) || 0) * 1000;

/** As the input shows it. @param {any} value @param {Entry} entry @param {string} zone */
function written(value, entry, zone) {
  if (entry.kind === "time" || entry.kind === "until") {
    const at = new Date(entry.kind === "until" ? value.at : value);
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
    return `${day}T${clock}`;
  }
  return entry.kind === "anything" ? JSON.stringify(value) : String(value);
}

/** Known lots, courses and time zones are offered, and others may be typed. @param {string} path @param {Entry} entry @param {Context} context */
function suggestions(path, entry, context) {
  const name = path.split(".")[0];
  const of = { lot: "lot", lots: "lot", course: "course" }[/** @type {"lot"} */ (name)];
  const offered = entry.kind === "zone" ? Intl.supportedValuesOf("timeZone") : (context.known[of ?? ""] ?? []).map(({ code }) => code);
  return offered.length ? el("datalist", { id: `${path}-list` }, offered.map((value) => el("option", { value }))) : null;
}

/** @param {string} path @param {(hash: string) => void} take */
function fileHash(path, take) {
  const id = fresh();
  const told = el("span", { role: "status" });
  const input = el("input", { id, type: "file", "data-file-of": path, onchange: async (/** @type {any} */ event) => {
    const [file] = event.target.files ?? [];
    if (!file) return;
    take(await sha256Hex(new Uint8Array(await file.arrayBuffer())));
    fill(told, `The hash of ${file.name}; the file itself stays here.`);
  } });
  return el("p", { class: "from-file" }, el("label", { for: id }, "or from the file: "), input, told);
}

/**
 * One of a few as buttons, of many in a list; several of them when `many`, in the order in which they were ticked.
 *
 * @param {Entry} entry @param {string} path @param {string} label @param {Context} context @param {[any, string][]} options
 * @param {{many?: boolean}} [how] @returns {Input}
 */
export function chosen(entry, path, label, context, options, { many = false } = {}) {
  const group = fresh();
  let ticked = /** @type {any[]} */ ([]);
  const all = many || !entry.optional ? options : [...options, /** @type {[any, string]} */ ([null, "not said"])];
  const inputs = all.map(([value], at) =>
    /** @type {HTMLInputElement} */ (el("input", { type: many ? "checkbox" : "radio", name: group, id: `${group}-${at}`, "data-path": path, "data-value": value === null ? "" : String(value), checked: !many && value === null })),
  );
  const shown = labelled(path, label, entry, [el("div", { class: "options" }, all.map(([, word], at) => el("span", {}, inputs[at], el("label", { for: `${group}-${at}` }, word))))], { group: true });
  inputs.forEach((input, at) =>
    input.addEventListener("change", () => {
      const value = all[at][0];
      ticked = many ? [...ticked.filter((each) => each !== value), ...(input.checked ? [value] : [])] : value === null ? [] : [value];
      shown.fail("");
      context.changed(path);
    }),
  );
  return {
    ...shown, path,
    isEmpty: () => !ticked.length,
    read(into) {
      if (many) return [...ticked];
      if (!ticked.length && !entry.optional) into.bad(path, "Choose one.");
      return ticked[0] ?? null;
    },
    write(value) {
      for (const input of inputs) input.checked = false;
      ticked = [];
      for (const each of many ? value : [value]) {
        const at = all.findIndex(([known]) => known === each);
        if (at < 0) continue;
        inputs[at].checked = true;
        if (each !== null) ticked.push(each);
      }
    },
  };
}
