/** One partner's card: how they are, when the next look is due, and what can be done for them now. */

import { assess, departed, escortSeen, opensAt, release } from "./act_leave.js";
import { checkIn, noDriving, noDrivingAgain, wayHome } from "./act_before.js";
import { authorise, decline, give, offer } from "./act_dose.js";
import { LOOKED_AT, oneTap, preDose, vitals, whyNoTap } from "./act_watch.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { keyOf } from "./keyring.js";
import { refusal } from "./refusal.js";
import { letter, PHASES } from "./room_words.js";
import { serverNow } from "./server_time.js";
import { age, clockTime, duration } from "./times.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {"a" | "b"} Slot */
/** @typedef {{name: string, label: string, type?: string, run: (room: Room, slot: Slot) => any, note?: (room: Room, slot: Slot) => string, why?: (room: Room, slot: Slot) => string}} Action */

/** @param {Room} room @param {Slot} slot */
const noOwnKey = (room, slot) => (keyOf(`${room.stream}/${slot}`) ? "" : `Key of ${letter(slot)} is not on this tablet`);
/** @param {Room} room */
const notOpen = (room) => (room.session.status === "open" ? "" : room.session.status === "closed" ? "The session is closed" : "Open the session first");
/** @param {Room} room @param {Slot} slot */
const gone = (room, slot) => (room.partner(slot).departed_at ? `${letter(slot)} has left` : "");

/** @type {Record<string, {label: string, actions: Action[]}>} */
const STAGES = {
  before: {
    label: "Before",
    actions: [
      { name: "check-in", label: "Check-in…", type: "participant-checked-in/1", run: checkIn },
      { name: "pre-dose", label: "First vitals…", type: "pre-dose-assessed/1", run: preDose },
      { name: "way-home", label: "Way home…", type: "transport-plan-signed/1", run: wayHome, why: noOwnKey },
      { name: "no-driving", label: "No driving…", type: "no-driving-acknowledged/1", run: noDriving, why: noOwnKey },
    ],
  },
  dose: {
    label: "Dose",
    actions: [
      { name: "authorise", label: "Permit…", type: "dose-authorised/1", run: authorise, why: (room, slot) => notOpen(room) || gone(room, slot) },
      { name: "give", label: "Give…", type: "dose-administered/1", run: give },
      { name: "offer", label: "Offered…", type: "dose-offered/1", run: offer },
      { name: "decline", label: "Says no…", type: "dose-declined/1", run: decline, why: noOwnKey },
    ],
  },
  leave: {
    label: "Leaving",
    actions: [
      { name: "assess", label: "Fit to go…", type: "discharge-assessed/1", run: assess },
      { name: "no-driving-again", label: "Until when…", type: "no-driving-release-signed/1", run: noDrivingAgain, why: (room, slot) => noOwnKey(room, slot) || (room.partner(slot).doses.length ? "" : "Was not dosed") },
      { name: "escort", label: "Escort…", type: "escort-verified/1", run: escortSeen },
      { name: "release", label: "Release…", type: "release-authorised/1", run: release, note: (room, slot) => (opensAt(room, slot) ? `opens ${clockTime(opensAt(room, slot), room.zone)}` : ""), why: (room, slot) => notOpen(room) || gone(room, slot) },
      { name: "departed", label: "Left…", type: "participant-departed/1", run: departed },
    ],
  },
};

/** @param {Room} room @param {Slot} slot */
export function makeCard(room, slot) {
  let stage = "";
  let wasOverdue = false;
  const head = el("header", {});
  const due = el("div", { class: "due", "data-due": slot });
  const digits = el("span", { class: "digits", "data-digits": slot });
  const dueWords = el("span", { class: "due-words" });
  const alert = el("p", { class: "unseen", role: "alert", "data-alert": slot });
  const values = el("dl", { class: "values" });
  const since = el("p", { class: "since", "data-since": slot });
  const trouble = el("div", { role: "alert", "data-trouble": slot });
  const tap = /** @type {HTMLButtonElement} */ (el("button", { type: "button", class: "as-expected", "data-action": "as-expected", "data-slot": slot, onclick: tapped }));
  const values_ = /** @type {HTMLButtonElement} */ (el("button", { type: "button", "data-action": "vitals", "data-slot": slot, onclick: () => vitals(room, slot) }, "Vitals…", el("small", {}, "by number pad")));
  const tabs = el("div", { class: "stages", role: "group", "aria-label": `Steps of ${letter(slot)}` });
  const actions = el("div", { class: "actions" });
  const node = el(
    "article",
    { class: `card side-${slot}`, "data-card": slot, "aria-labelledby": `title-${slot}` },
    head, due, alert, values, since, el("div", { class: "taps" }, tap, values_), trouble, tabs, actions,
  );
  fill(due, dueWords, digits);

  async function tapped() {
    if (tap.getAttribute("aria-disabled") === "true") return;
    tap.setAttribute("aria-disabled", "true");
    fill(trouble);
    try {
      await oneTap(room, slot);
    } catch (error) {
      fill(trouble, refusal(/** @type {Error} */ (error)));
    }
    drawTap();
  }

  function draw() {
    const partner = room.partner(slot);
    const doses = partner.doses.map((/** @type {any} */ dose) => [`${dose.mg} mg ${dose.route} ${clockTime(dose.at, room.zone)}`, ...dose.late].join(", "));
    fill(
      head,
      el("h2", { id: `title-${slot}` }, el("span", { class: "letter" }, letter(slot)), el("span", { class: "phase" }, PHASES[/** @type {"peak"} */ (partner.phase)] ?? "Not begun")),
      partner.pending.length > 0 && el("p", { class: "lacks", "data-lacks": slot }, icon("pen"), lackWords(partner.pending)),
      el("p", { class: "doses" }, doses.length ? doses.join(" · ") : partner.declined_at ? `declined ${clockTime(partner.declined_at, room.zone)}` : "no dose yet"),
    );
    drawValues();
    drawTap();
    drawActions();
    tick();
  }

  function drawValues() {
    const read = room.terms.partners[slot].values;
    const cell = (/** @type {string} */ name, /** @type {any} */ reading, /** @type {(value: any) => string} */ spell) =>
      el("div", { "data-value": name }, el("dt", {}, name), el("dd", {}, reading ? spell(reading.value) : "–"), el("dd", { class: "at" }, reading ? clockTime(reading.at, room.zone) : " "));
    fill(
      values,
      cell("BP", read.blood_pressure, ({ systolic, diastolic }) => `${systolic}/${diastolic}`),
      cell("HR", read.heart_rate, String),
      cell("SpO₂", read.spo2, (value) => `${value} %`),
      cell("Alertness", read.moaas, (value) => `${value} / 5`),
    );
  }

  function drawTap() {
    const why = whyNoTap(room) || gone(room, slot);
    tap.setAttribute("aria-disabled", String(Boolean(why)));
    fill(tap, icon("check"), el("span", {}, `${letter(slot)} as expected`, el("small", {}, why || LOOKED_AT)));
  }

  function drawActions() {
    const focused = document.activeElement?.getAttribute("data-action");
    const hadFocus = actions.contains(document.activeElement);
    const shown = stage || natural();
    fill(
      tabs,
      Object.entries(STAGES).map(([name, { label }]) =>
        el("button", { type: "button", "aria-pressed": String(name === shown), "data-action": `stage-${name}`, "data-slot": slot, onclick: () => ((stage = name), drawActions()) }, label),
      ),
    );
    fill(actions, STAGES[shown].actions.map((action) => button(action)));
    if (hadFocus && focused) /** @type {HTMLElement | null} */ (actions.querySelector(`[data-action="${focused}"]`))?.focus();
  }

  /** The stage this partner is in, until somebody looks at another. */
  function natural() {
    const partner = room.partner(slot);
    if (partner.released_at || room.last(slot, "discharge-assessed/1") || partner.phase === "discharge" || partner.phase === "recovery") return "leave";
    return partner.doses.length || (room.last(slot, "no-driving-acknowledged/1") && room.last(slot, "transport-plan-signed/1")) ? "dose" : "before";
  }

  /** @param {Action} action */
  function button({ name, label, type, run, note, why }) {
    const done = type && room.last(slot, type);
    const reason = why?.(room, slot) ?? "";
    const small = reason || (done ? `done ${clockTime(done.at, room.zone)}` : note?.(room, slot)) || "";
    const made = el("button", { type: "button", "data-action": name, "data-slot": slot, "data-done": done ? "" : null, "aria-disabled": reason ? "true" : null }, el("span", {}, done && !reason && icon("check"), label), small && el("small", {}, small));
    if (!reason) made.addEventListener("click", () => run(room, slot));
    return made;
  }

  /** Each second; only texts that changed are touched. */
  function tick() {
    const { due_at, limit_at, last_check_at, doses, departed_at, released_at } = room.partner(slot);
    const now = serverNow();
    const limit = Date.parse(limit_at ?? due_at ?? "");
    const state = !due_at ? "none" : now > limit ? "overdue" : now >= Date.parse(due_at) ? "due" : "running";
    if (due.dataset.state !== state) {
      due.dataset.state = state;
      fill(dueWords, icon(state === "overdue" ? "warning" : "clock"), el("span", { class: "due-text" }));
    }
    const text = /** @type {Element} */ (dueWords.querySelector(".due-text"));
    const words = {
      none: departed_at ? "Has left" : released_at ? "Released: no checks due" : doses.length ? "No check is due" : "No check before a dose",
      running: `Next check ${clockTime(due_at, room.zone)}`,
      due: `Check now, until ${clockTime(limit_at, room.zone)}`,
      overdue: `Overdue since ${clockTime(due_at, room.zone)}`,
    }[state];
    const left = { none: "", running: duration(Date.parse(due_at) - now + 999), due: duration(limit - now + 999), overdue: `+${duration(now - Date.parse(due_at))}` }[state];
    if (text.textContent !== words) text.textContent = words;
    if (digits.textContent !== left) digits.textContent = left;
    node.setAttribute("data-on-lock", `${letter(slot)} · ${words}${left ? ` · ${left}` : ""}`);
    if ((state === "overdue") !== wasOverdue) {
      wasOverdue = state === "overdue";
      alert.textContent = wasOverdue ? `The check of ${letter(slot)} is overdue since ${clockTime(due_at, room.zone)}.` : "";
    }
    const old = last_check_at ? `Last check ${clockTime(last_check_at, room.zone)} · ${age(now - Date.parse(last_check_at))}` : "No check yet";
    if (since.textContent !== old) since.textContent = old;
  }

  return { node, draw, tick };
}

/** How many entries of this partner wait for a second person, with a way to the first. @param {{position: number, lacks: string[]}[]} pending */
const lackWords = (pending) => el("a", { href: `/event/${pending[0].position}` }, pending.length === 1 ? "1 entry lacks a signature" : `${pending.length} entries lack a signature`);
