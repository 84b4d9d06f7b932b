/**
 * Looking at the past: as known at a time, as happened up to a time.
 *
 * The address says both (`known_at`, `up_to`), so a look at the past can be sent to somebody; whatever a page asks
 * it asks with both. A page in the past says so on top, asks nothing again by itself, and records nothing.
 */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { toInstant } from "./server_time.js";
import { fromLocal, localWording } from "./times.js";

const NAMES = /** @type {["known_at", "up_to"]} */ (["known_at", "up_to"]);

/** @param {"known_at" | "up_to"} name */
const asked = (name) => new URLSearchParams(location.search).get(name) ?? "";

/** Whether this page shows the past. */
export const isPast = () => NAMES.some((name) => asked(name) !== "");

/** An address of the service, or of another page, with both times of this one. @param {string} path */
export function asOf(path) {
  const given = NAMES.filter((name) => asked(name)).map((name) => `${name}=${encodeURIComponent(asked(name))}`);
  return given.length ? `${path}${path.includes("?") ? "&" : "?"}${given.join("&")}` : path;
}

/** The banner of a page that shows the past, null now; said to who cannot see it. @param {string} [zone] */
export function pastBanner(zone = "UTC") {
  if (!isPast()) return null;
  const known = asked("known_at");
  const words = [
    known && (/^\d+$/.test(known) ? `as known when the log had ${known} entries` : `as known at ${said(known, zone)}`),
    asked("up_to") && `as happened up to ${said(asked("up_to"), zone)}`,
  ].filter(Boolean);
  return el(
    "div",
    { class: "past", role: "status", "data-past": true },
    icon("clock"),
    el("p", {}, el("strong", {}, "You are looking at the past"), `, ${words.join(", ")}. Nothing here changes by itself, and nothing can be recorded.`),
    el("a", { class: "button", href: now(), "data-action": "to-now" }, "Back to now"),
  );
}

/** The way into the past: two times, or a number of entries, in plain fields. @param {string} [zone] of the place */
export function pastControl(zone = "UTC") {
  const known = asked("known_at");
  const isSize = /^\d+$/.test(known);
  const form = el(
    "form",
    { class: "past-form" },
    el("p", { class: "quiet", id: "past-zone" }, `Times are those at ${zone}. Leave a field empty for now.`),
    field("known_at", "What was known at", { type: "datetime-local", value: isSize ? "" : local(known, zone) }),
    field("size", "or when the log had so many entries", { type: "number", min: 0, step: 1, inputmode: "numeric", value: isSize ? known : "" }),
    field("up_to", "What had happened up to", { type: "datetime-local", value: local(asked("up_to"), zone) }),
    el("p", { class: "refusal", role: "alert" }),
    el("div", { class: "past-buttons" }, el("button", { type: "submit", "data-action": "show-past" }, "Show"), isPast() && el("a", { class: "button", href: now() }, "Back to now")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(/** @type {HTMLFormElement} */ (form), zone);
  });
  return el("details", { class: "past-control", open: false }, el("summary", {}, "As it was…"), form);
}

/** Put both on a page, the banner first. @param {Element} main @param {string} [zone] */
export function offerPast(main, zone) {
  for (const old of main.querySelectorAll(":scope > .past, :scope > .past-control")) old.remove();
  const banner = pastBanner(zone);
  main.append(pastControl(zone));
  if (banner) main.prepend(banner);
  document.documentElement.toggleAttribute("data-past", isPast());
}

/** Nothing on this page can be pressed but what only looks. @param {Element} within */
export function onlyLook(within) {
  for (const button of within.querySelectorAll("button")) {
    if (button.closest(".past-control")) continue;
    button.disabled = true;
    button.title = "Nothing is recorded in the past";
  }
}

/** @param {string} name @param {string} label @param {Record<string, any>} attributes */
function field(name, label, attributes) {
  const id = `past-${name}`;
  return el("div", { class: "field" }, el("label", { for: id }, label), el("input", { id, name, "aria-describedby": "past-zone", ...attributes }));
}

/** @param {HTMLFormElement} form @param {string} zone */
function go(form, zone) {
  const read = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value;
  const [at, size, upTo] = ["known_at", "size", "up_to"].map(read);
  const refused = /** @type {Element} */ (form.querySelector(".refusal"));
  if (at && size) {
    refused.textContent = "Give a time or a number of entries, not both.";
    return;
  }
  const instant = (/** @type {string} */ text) => toInstant(fromLocal(text.slice(0, 16), zone));
  const wanted = new URLSearchParams(location.search);
  for (const name of NAMES) wanted.delete(name);
  if (at || size) wanted.set("known_at", size || instant(at));
  if (upTo) wanted.set("up_to", instant(upTo));
  location.search = String(wanted);
}

/** This page, now. */
function now() {
  const rest = new URLSearchParams(location.search);
  for (const name of NAMES) rest.delete(name);
  return `${location.pathname}${String(rest) && `?${rest}`}`;
}

/** @param {string} instant @param {string} zone */
const said = (instant, zone) => (Number.isNaN(Date.parse(instant)) ? instant : localWording(Date.parse(instant), zone));

/** As a field of the browser holds it: `2026-05-16T11:00`. @param {string} instant @param {string} zone */
function local(instant, zone) {
  if (!instant || Number.isNaN(Date.parse(instant))) return "";
  return localWording(Date.parse(instant), zone).slice(0, 16).replace(" ", "T");
}
