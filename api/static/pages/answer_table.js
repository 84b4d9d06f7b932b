/** The rows of an answer as a table, each with the signed events behind it. */

import { eventLink, uuidOf } from "./board_links.js";
import { el } from "./dom.js";
import { asOf } from "./past.js";

/** @typedef {{name: string, title: string, kind: string}} Column */

const SHOWN = 12;

/** Head and body of a table; `link` is where a row leads to, if anywhere. @param {{columns: Column[], rows: any[]}} answer @param {(row: any) => string | null} [link] */
export function table({ columns, rows }, link = () => null) {
  const head = el("tr", {}, ...columns.map((each) => el("th", { scope: "col", class: each.kind }, each.title)), el("th", { scope: "col" }, "Signed events"));
  const cell = (/** @type {any} */ row, /** @type {Column} */ each, /** @type {number} */ at) => {
    const words = said(row.values[each.name], each.kind);
    const href = at === 0 ? link(row) : null;
    return el("td", { class: each.kind }, href ? el("a", { href }, words) : words);
  };
  const body = rows.map((row) => el("tr", {}, ...columns.map((each, at) => cell(row, each, at)), el("td", {}, evidence(row.evidence))));
  return [el("thead", {}, head), el("tbody", {}, ...body)];
}

/** What stands in a cell; a record by the end of its number, with the whole of it for who points at it. @param {any} value @param {string} kind */
export function said(value, kind) {
  if (value === null || value === undefined) return "–";
  if (value === true || value === false) return value ? "yes" : "no";
  if (kind === "instant" && !Number.isNaN(Date.parse(value))) return el("time", { datetime: value }, utc(value));
  if (kind === "record" && /^[a-z]+\/[0-9a-f-]{36}/.test(value)) return record(value);
  return String(value);
}

/** `2026-05-16 14:05 UTC`, with its seconds where there are some. @param {string} instant */
export const utc = (instant) => `${instant.slice(0, 16).replace("T", " ")}${instant.slice(17, 19) === "00" ? "" : instant.slice(16, 19)} UTC`;

/** @param {string} value */
function record(value) {
  const [what, uuid, slot] = value.split("/");
  const short = `${what} …${uuid.slice(-8)}${slot ? ` ${slot.toUpperCase()}` : ""}`;
  return what === "session" ? el("a", { href: asOf(`/room/${uuidOf(value)}`), title: value }, short) : el("span", { title: value }, short);
}

/** The positions as links; of many the first ones, the rest on demand. @param {number[]} positions */
export function evidence(positions) {
  const links = positions.map((each) => el("a", { href: eventLink(each), class: "question-event", "aria-label": `Signed event at position ${each}` }, each));
  if (links.length <= SHOWN) return el("span", { class: "question-events" }, ...links);
  return el("details", { class: "question-events" }, el("summary", {}, `${links.length} events`), ...links);
}
