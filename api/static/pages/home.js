/** The sessions of this ledger, those of today first; a tap opens a room. */

import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { copyForm, isOffice, showGlass } from "./offices.js";
import { asOf, offerPast } from "./past.js";
import { refusal } from "./refusal.js";
import { PHASES } from "./room_words.js";

const { me } = await frame();
const list = /** @type {Element} */ (document.querySelector("[data-sessions]"));
const WORDS = { open: "Open", scheduled: "Planned", closed: "Closed" };
const ORDER = ["open", "scheduled", "closed"];
const mayEnter = me.roles.some((role) => ["nurse", "prescriber", "therapist", "medical-director"].includes(role));

async function show() {
  try {
    const { sessions } = await get(asOf("/v1/sessions"));
    sessions.sort((/** @type {any} */ one, /** @type {any} */ other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status) || one.date.localeCompare(other.date));
    fill(list, sessions.length ? sessions.map(card) : empty());
    if (isOffice(me)) await showOffice(sessions);
  } catch (error) {
    fill(list, refusal(/** @type {Error} */ (error)));
  }
  list.setAttribute("data-ready", "");
}

/** @param {any[]} sessions */
async function showOffice(sessions) {
  const glass = el("section", { class: "panel", "data-glass-list": true });
  await showGlass(glass, sessions);
  fill(/** @type {Element} */ (document.querySelector("[data-office]")), glass, sessions.length > 0 && copyForm(sessions));
}

/** @param {any} session */
function card(session) {
  const uuid = session.session.split("/")[1];
  const parts = session.partners.map(({ slot, phase, doses }) => `${slot.toUpperCase()}: ${PHASES[phase] ?? "not begun"}${doses ? `, ${doses} dose${doses > 1 ? "s" : ""}` : ""}`);
  const inside = [
    el("strong", {}, `${session.couple_code} · session ${session.ordinal}`),
    el("span", {}, `${session.date} · ${session.location_code}`),
    el("span", { class: "parts" }, parts.join(" · ")),
    el("span", { class: "chip", "data-status": session.status }, WORDS[/** @type {"open"} */ (session.status)]),
  ];
  return el("li", {}, mayEnter ? el("a", { href: asOf(`/room/${uuid}`), "data-session": uuid, class: "session" }, ...inside) : el("div", { class: "session" }, ...inside));
}

const empty = () =>
  el("li", { class: "empty" }, el("p", {}, "No sessions are planned."), el("p", {}, "A scheduler plans one; it then appears here by itself when this page is opened again."));

offerPast(/** @type {Element} */ (document.querySelector("main")), Intl.DateTimeFormat().resolvedOptions().timeZone);
document.addEventListener("ledger-unlocked", show);
await show();
