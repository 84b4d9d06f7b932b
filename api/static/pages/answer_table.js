/** The rows of an answer as a table, each with the signed events behind it. */

import { eventLink, uuidOf } from "./board_links.js";
import { zoneWord } from "./board_time.js";
import { el } from "./dom.js";
import { asOf } from "./past.js";

/** @typedef {{name: string, title: string, kind: string}} Column */
/** What people call the records in an answer, and the zone of a row that is at no place. @typedef {{called?: Record<string, {words: string, zone: string}>, zone?: string}} Called */

const SHOWN = 12;
const MOST_EVENTS = 200;

/** So many rows at first, and as many again whenever somebody asks for more. */
const PAGE = 200;

/** Words longer than this have a line of their own in a card. */
const LONG = 60;

/** From so many columns on, a narrow screen shows each row as a card of its own. */
const WIDE = 7;

/** Head and body of a table; `link` is where a row leads to, if anywhere. @param {{columns: Column[], rows: any[]} & Called} answer @param {(row: any) => string | null} [link] */
export function table({ columns, rows, called = {}, zone = "UTC" }, link = () => null) {
  const zoneOf = (/** @type {any} */ row) => columns.map((each) => called[row.values[each.name]]?.zone).find(Boolean) ?? zone;
  const head = el("tr", { role: "row" }, ...columns.map((each) => el("th", { scope: "col", role: "columnheader", class: each.kind }, each.title)), el("th", { scope: "col", role: "columnheader" }, "Signed events"));
  const cell = (/** @type {any} */ row, /** @type {Column} */ each, /** @type {number} */ at) => {
    const words = said(row.values[each.name], each.kind, { called, zone: zoneOf(row) });
    const href = at === 0 ? link(row) : null;
    const how = words === "–" ? " nothing" : String(row.values[each.name]).length > LONG && each.kind === "words" ? " long" : "";
    return el("td", { role: "cell", class: `${each.kind}${how}`, "data-title": each.title }, el("span", {}, href ? el("a", { href }, words) : words));
  };
  const body = rows.map((row) => el("tr", { role: "row" }, ...columns.map((each, at) => cell(row, each, at)), el("td", { role: "cell", "data-title": "Signed events" }, evidence(row.evidence))));
  return [el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, ...body)];
}

/**
 * An answer in a table of the page: the first rows, how many there are, and a button for more.
 * @param {HTMLTableElement} place @param {HTMLElement} more @param {{columns: Column[], rows: any[]} & Called} answer
 */
export function showRows(place, more, answer) {
  const { columns, rows, called, zone } = answer;
  let shown = 0;
  place.classList.toggle("cards", columns.length >= WIDE);
  place.setAttribute("role", "table");
  place.replaceChildren(...table({ columns, rows: [] }));
  const add = () => {
    const [, body] = table({ columns, rows: rows.slice(shown, shown + PAGE), called, zone });
    place.tBodies[0]?.append(...body.children);
    shown = Math.min(rows.length, shown + PAGE);
    const left = rows.length - shown;
    const button = el("button", { type: "button", "data-action": "more" }, `Show ${Math.min(PAGE, left)} more`);
    button.addEventListener("click", add);
    more.replaceChildren(...(left ? [el("span", {}, `The first ${shown} of ${rows.length} rows are shown.`), button] : rows.length > PAGE ? [el("span", {}, `All ${rows.length} rows are shown.`)] : []));
  };
  add();
}

/**
 * What stands in a cell: a record by what it is called, or else by the end of its number; an instant by the clock there.
 * Whoever points at it sees the whole number, and the instant in UTC.
 * @param {any} value @param {string} kind @param {Called} [known]
 */
export function said(value, kind, { called = {}, zone = "UTC" } = {}) {
  if (value === null || value === undefined) return "–";
  if (value === true || value === false) return value ? "yes" : "no";
  if (kind === "instant" && !Number.isNaN(Date.parse(value))) return el("time", { datetime: value, title: utc(value) }, byTheClock(value, zone));
  if (kind === "record" && /^[a-z]+\/[0-9a-f-]{36}/.test(value)) return record(value, called[value]?.words);
  return String(value);
}

/** `2026-05-16 14:05 UTC`, with its seconds where there are some. @param {string} instant */
export const utc = (instant) => `${instant.slice(0, 16).replace("T", " ")}${instant.slice(17, 19) === "00" ? "" : instant.slice(16, 19)} UTC`;

/** `2026-05-16 10:05 EDT`: the same at a place. @param {string} instant @param {string} zone */
function byTheClock(instant, zone) {
  if (zone === "UTC") return utc(instant);
  const at = new Date(instant);
  const there = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: at.getUTCSeconds() ? "medium" : "short", timeZone: zone });
  return `${there.format(at)} ${zoneWord(at, zone)}`;
}

/** @param {string} value @param {string} [name] */
function record(value, name) {
  const [what, uuid, slot] = value.split("/");
  const short = name ?? `${what} …${uuid.slice(-8)}${slot ? ` ${slot.toUpperCase()}` : ""}`;
  return what === "session" ? el("a", { href: asOf(`/room/${uuidOf(value)}`), title: value }, short) : el("span", { title: value }, short);
}

/** The positions as links; of many only how many, and the first ones when somebody asks. @param {number[]} positions */
export function evidence(positions) {
  const links = (/** @type {number[]} */ some) => some.map((each) => el("a", { href: eventLink(each), class: "question-event", "aria-label": `Signed event at position ${each}` }, each));
  if (positions.length <= SHOWN) return el("span", { class: "question-events" }, ...links(positions));
  const told = el("details", { class: "question-events" }, el("summary", {}, `${positions.length} events`));
  told.addEventListener("toggle", () => {
    const rest = positions.length - MOST_EVENTS;
    told.append(...links(positions.slice(0, MOST_EVENTS)), rest > 0 ? ` and ${rest} more: ask with filters, or as JSON.` : "");
  }, { once: true });
  return told;
}
