/** What stands before one session: the joint gates above, a column for each partner, and signatures that are missing. */

import { eventLink, uuidOf } from "./board_links.js";
import { sign } from "./board_svg.js";
import { el } from "./dom.js";
import { asOf } from "./past.js";
import { gateCard, spoken } from "./prepare_gate.js";
import { dayAndTime } from "./times.js";

/** @import {About} from "./prepare_gate.js" */

const NAMES = /** @type {Record<string, string>} */ ({ opening: "Opening", dose: "Dose", release: "Release" });
const STATUS = /** @type {Record<string, string>} */ ({ unplanned: "Not planned", scheduled: "Planned", open: "Open", closed: "Closed", cancelled: "Cancelled", expired: "No longer kept" });
const ENTERS = ["nurse", "prescriber", "therapist", "medical-director"];

/** @param {any} found @param {About} about */
export function sessionNode(found, about) {
  const opening = found.acts.find((/** @type {any} */ each) => each.act === "opening");
  const mayEnter = found.session && about.me.roles.some((role) => ENTERS.includes(role));
  return [
    el(
      "div",
      { class: "chips" },
      el("span", { class: "chip", "data-status": found.status }, STATUS[found.status]),
      total(found),
      mayEnter && el("a", { href: asOf(`/room/${uuidOf(found.session)}`) }, "Room"),
      found.session && ["", "a", "b"].filter((slot) => slot !== (about.partner ?? "")).map((slot) => el("a", { href: asOf(`/prepare/${uuidOf(found.session)}${slot && `?partner=${slot}`}`), "data-key": `only ${slot}` }, slot ? `Only ${slot.toUpperCase()}` : "Both")),
    ),
    !found.acts.length && el("p", { class: "empty" }, `${STATUS[found.status]}: nothing is asked any more.`),
    opening && found.status !== "unplanned" && !about.partner && el("section", { "aria-labelledby": "joint" }, el("h2", { id: "joint" }, "Both together"), actNode(opening, "", about)),
    found.acts.length > 0 &&
      el(
        "div",
        { class: about.partner ? "prepare-one" : "prepare-two" },
        ["a", "b"].filter((slot) => !about.partner || slot === about.partner).map((slot) => el("section", { class: `side-${slot}`, "aria-labelledby": `side-${slot}`, "data-side": slot }, el("h2", { id: `side-${slot}` }, `Partner ${slot.toUpperCase()}`), found.acts.filter((/** @type {any} */ each) => !each.slot || each.slot === slot).map((/** @type {any} */ each) => actNode(each, slot, about)))),
      ),
    found.unsigned.length > 0 && unsigned(found.unsigned),
  ];
}

/** How many gates are closed of what is ahead, by rule and person. @param {any} found */
export function countOf(found) {
  const ahead = found.acts.filter((/** @type {any} */ each) => each.standing === "ahead");
  return ahead.reduce((/** @type {number} */ count, /** @type {any} */ act) => count + new Set(closedOf(act.gates).filter((gate) => !gate.on_the_day).map((gate) => `${gate.rule} ${gate.slot}`)).size, 0);
}

/** @param {number} count */
export const inWords = (count) => (count ? `${count} ${count === 1 ? "thing" : "things"} missing` : "Ready");

/** @param {any} found */
function total(found) {
  if (!found.acts.length) return null;
  const count = countOf(found);
  return el("span", { class: `chip tone-${count ? "bad" : "good"}`, "data-missing": count }, sign(count ? "cross" : "check"), inWords(count));
}

/** The gates of one act that are about this partner, or about neither. @param {any} act @param {string} slot @param {About} about */
function actNode(act, slot, about) {
  const gates = act.gates.filter((/** @type {any} */ each) => (each.slot ?? "") === slot);
  if (act.act === "opening" && act.standing !== "ahead" && slot && about.session) return null;
  const closed = closedOf(gates);
  const open = gates.filter((/** @type {any} */ each) => each.state === "open");
  const key = `${act.act} ${slot}`;
  return el(
    "div",
    { class: "prepare-act", "data-act": act.act },
    el("h3", {}, NAMES[act.act], el("span", { class: `chip tone-${tone(act, closed)}` }, standing(act, closed))),
    act.why && el("p", { class: "quiet" }, act.why),
    closed.length > 0 && el("ul", {}, closed.map((/** @type {any} */ each) => gateCard(each, about))),
    open.length > 0 && el("details", { "data-key": key }, el("summary", { "data-key": `${key} open` }, `${open.length} open gate${open.length === 1 ? "" : "s"}`), el("ul", {}, open.map((/** @type {any} */ each) => gateCard(each, about)))),
  );
}

/** @param {any} act @param {any[]} closed */
function tone(act, closed) {
  if (act.standing !== "ahead") return "calm";
  if (!closed.length) return "good";
  return closed.every((each) => each.on_the_day) ? "soon" : "bad";
}

/** @param {any} act @param {any[]} closed */
function standing(act, closed) {
  if (act.standing === "done") return closed.length && act.act === "dose" ? `Done; ${closed.length} closed for a further one` : "Done";
  if (act.standing === "not-yet") return "Not yet";
  if (act.standing === "over") return "No more";
  const day = closed.filter((each) => each.on_the_day).length;
  if (!closed.length) return "Ready";
  return day ? `${closed.length} closed, ${day} of the day` : `${closed.length} closed`;
}

/** @param {any[]} gates */
const closedOf = (gates) => gates.filter((each) => each.state !== "open");

/** @param {any[]} entries */
function unsigned(entries) {
  return el(
    "section",
    { "aria-labelledby": "unsigned" },
    el("h2", { id: "unsigned" }, "Second signatures missing"),
    el("ul", {}, entries.map((each) => el("li", { class: "gate", "data-unsigned": each.position }, el("a", { href: eventLink(each.position) }, `${each.slot ? `${each.slot.toUpperCase()}: ` : ""}${spoken(each.type)}`), el("p", { class: "quiet" }, each.lacks.join("; "))))),
  );
}

/** @param {any} found */
export const headline = (found) => `${found.couple_code ?? "A couple"}${found.starts ? ` · ${dayAndTime(found.starts, found.zone)}` : ""}${found.location_code ? ` · ${found.location_code}` : ""}`;
