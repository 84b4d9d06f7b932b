/** Choosing a person, place, container, session or an entry by what people call it; nobody types an identifier. */

import { el, fill } from "./dom.js";
import { get } from "./http.js";
import { labelled } from "./record_leaves.js";

/** @import {Context, Entry, Input} from "./record_leaves.js" */

/**
 * A list to choose from; what is in it may come later.
 *
 * @param {Entry} entry @param {string} path @param {string} label @param {Context} context @param {string} none what is said when there is nothing
 */
function list(entry, path, label, context, none) {
  const select = /** @type {HTMLSelectElement} */ (el("select", { "data-path": path }));
  const shown = labelled(path, label, entry, [select]);
  let offered = /** @type {[string, string][]} */ ([]);
  const draw = () => {
    const chosen = select.value;
    fill(select, el("option", { value: "" }, offered.length ? (entry.optional ? "none" : "choose…") : none), offered.map(([value, word]) => el("option", { value }, word)));
    select.value = offered.some(([value]) => value === chosen) ? chosen : "";
  };
  select.addEventListener("change", () => (shown.fail(""), context.changed(path)));
  draw();
  return {
    shown, select,
    /** @param {[string, string][]} options */
    offer: (options) => ((offered = options), draw()),
    /** Choose a value, also one that is not offered here. @param {string} value @param {string} word */
    take(value, word) {
      if (value && !offered.some(([known]) => known === value)) offered = [...offered, [value, word]];
      draw();
      select.value = value;
    },
    /** @param {import("./record_leaves.js").Reading} into */
    raw(into) {
      if (!select.value && !entry.optional) into.bad(path, "Choose one.");
      return select.value || null;
    },
  };
}

/** A record by its code. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
export function recordChooser(entry, path, label, context) {
  const from = list(entry, path, label, context, "none known here");
  from.offer((context.known[entry.of] ?? []).map(({ id, code }) => [id, code]));
  return {
    ...from.shown, path,
    isEmpty: () => !from.select.value,
    read: from.raw,
    write: (value) => from.take(value ?? "", value ? `${value.slice(0, value.indexOf("/") + 9)}…` : ""),
  };
}

/** One of many words. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @param {[any, string][]} options @returns {Input} */
export function wordChooser(entry, path, label, context, options) {
  const from = list(entry, path, label, context, "");
  from.offer(options.map(([value, word]) => [String(value), word]));
  return {
    ...from.shown, path,
    isEmpty: () => !from.select.value,
    read(into) {
      const chosen = from.raw(into);
      return options.find(([value]) => String(value) === chosen)?.[0] ?? null;
    },
    write: (value) => (from.select.value = value === null ? "" : String(value)),
  };
}

/** An entry by what it says and when; asked for anew when another record is chosen. @param {Entry} entry @param {string} path @param {string} label @param {Context} context @returns {Input} */
export function entryChooser(entry, path, label, context) {
  const from = list(entry, path, label, context, entry.on === "record" ? "nothing of this kind on the record" : "none known here");
  from.shown.node.append(byNumber(label, (found) => (context.named?.set(found.dig, found.words), records.set(key(found), found.record), from.take(key(found), found.words), context.changed(path))));
  const records = new Map();
  let wanted = "";
  const load = async () => {
    const all = await context.entries(entry.on, entry.types).catch(() => []);
    const found = all.filter((/** @type {any} */ each) => !entry.slot || !/^session\/[^/]+\/[ab]$/.test(each.record) || each.record.endsWith(`/${entry.slot}`));
    for (const { dig, id, record, words } of found) {
      records.set(key({ dig, id }), record);
      context.named?.set(dig, words);
    }
    from.offer(found.map((each) => [key(each), each.words]));
    const match = wanted && found.find(({ dig, id, position }) => [dig, id, String(position)].includes(wanted));
    if (match) from.select.value = key(match);
    else if (wanted.startsWith("{")) from.take(wanted, "the entry named");
  };
  from.select.addEventListener("change", () => (wanted = ""));
  context.onRecord(load);
  return {
    ...from.shown, path,
    isEmpty: () => !from.select.value,
    read(into) {
      const value = from.raw(into);
      return value === null ? null : { ...JSON.parse(value) };
    },
    write(value) {
      wanted = value === null ? "" : typeof value === "string" ? value : key(value);
      if (value === null) from.take("", "");
      else if (typeof value !== "string") from.take(wanted, "the entry named");
      else load();
    },
    // @ts-ignore: asked of entries alone, where the record follows from what is chosen
    recordOf: () => records.get(from.select.value) ?? null,
  };
}

/** Any entry by the number under which every page shows it, for those who read entries. @param {string} label @param {(found: any) => void} take */
function byNumber(label, take) {
  const told = el("span", { role: "status", class: "note" });
  const input = /** @type {HTMLInputElement} */ (el("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 12, "aria-label": `${label}: number of the entry` }));
  const find = async () => {
    if (!/^\d{1,12}$/.test(input.value.trim())) return fill(told, "An entry has a whole number.");
    try {
      const found = await get(`/v1/entries/${input.value.trim()}`);
      if (!found.dig) throw new Error("Nothing that was recorded stands under this number.");
      take({ dig: found.dig, id: found.event_id, record: found.stream, words: `entry ${found.position}: ${found.type.split("/")[0].replaceAll("-", " ")}` });
      fill(told, "Chosen.");
    } catch (error) {
      fill(told, /** @type {Error} */ (error).message);
    }
  };
  return el("details", { class: "by-number" }, el("summary", {}, "Another entry, by its number"), el("p", { class: "from-file" }, input, el("button", { type: "button", onclick: find }, "Take it"), told));
}

/** @param {{dig: string, id: string}} reference */
const key = ({ dig, id }) => JSON.stringify({ dig, id });
