/** One gate before an act ahead: its sentence, what it rests on, what opens it, and who may record or override that. */

import { evidence } from "./answer_table.js";
import { sign } from "./board_svg.js";
import { SEVERITIES } from "./board_words.js";
import { el } from "./dom.js";
import { isPast } from "./past.js";
import { dayAndTime } from "./times.js";

/** @typedef {{me: {roles: string[]}, zone: string, now: number, session: string | null, partner: string | null}} About */

const STATES = /** @type {const} */ ({
  closed: { sign: "cross", tone: "bad", word: "Closed" },
  "cannot-judge": { sign: "unknown", tone: "soon", word: "Cannot be judged" },
  open: { sign: "check", tone: "good", word: "Open" },
});

/** @param {any} gate @param {About} about */
export function gateCard(gate, about) {
  const { sign: mark, tone, word } = STATES[/** @type {"open"} */ (gate.state)];
  const shade = gate.on_the_day ? "soon" : tone;
  const overridden = gate.overridden_by !== null;
  return el(
    "li",
    { class: "gate", "data-rule": gate.rule, "data-state": gate.state, "data-slot": gate.slot ?? "", "data-day": gate.on_the_day },
    el(
      "div",
      { class: "chips" },
      el("span", { class: `chip tone-${shade}` }, sign(mark), overridden ? "Overridden" : word),
      el("span", { class: "chip", title: gate.title }, `${gate.rule} v${gate.version}`),
      el("span", { class: "chip" }, SEVERITIES[gate.severity]),
      gate.on_the_day && el("span", { class: "chip" }, "On the day"),
    ),
    el("p", {}, gate.sentence),
    gate.change && el("p", { class: gate.change.opens ? "tone-good" : "late", "data-change": gate.change.at }, sign("clock"), " ", changes(gate.change, about)),
    restsOn(gate),
    gate.state !== "open" && opens(gate, about),
  );
}

/** @param {{at: string, opens: boolean}} change @param {About} about */
function changes(change, about) {
  return `${change.opens ? "Opens" : "Closes"} by itself ${dayAndTime(change.at, about.zone)}, ${ahead(Date.parse(change.at) - about.now)}.`;
}

/** @param {number} milliseconds */
function ahead(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `in ${hours} h ${minutes % 60} min`;
  return `in ${Math.floor(hours / 24)} days`;
}

/** @param {any} gate */
function restsOn(gate) {
  const figures = Object.entries(gate.figures).map(([path, value]) => `${path.split(".")[1].replaceAll("_", " ")} ${value}`);
  const seen = [...gate.evidence, ...(gate.overridden_by === null ? [] : [gate.overridden_by])];
  if (!figures.length && !seen.length) return null;
  return el(
    "p",
    { class: "quiet" },
    figures.length > 0 && `Compared with the protocol: ${figures.join("; ")}. `,
    seen.length > 0 && el("span", { class: "events" }, "Rests on ", evidence(seen)),
  );
}

/** @param {any} gate @param {About} about */
function opens(gate, about) {
  const doors = isPast() ? [] : gate.opened_by.map((/** @type {any} */ way) => door(way, gate, about));
  const told = gate.opened_by.map((/** @type {any} */ way) => `${spoken(way.type)} (${signers(way)})`).join(", or ");
  const byHand = gate.override && !isPast() && about.me.roles.includes(gate.override) && overrideDoor(gate, about);
  return el(
    "div",
    {},
    told && el("p", {}, "Opened by: ", told, "."),
    gate.otherwise && el("p", {}, gate.otherwise),
    el("p", { class: "quiet" }, gate.override ? `A ${gate.override.replaceAll("-", " ")} may override it beforehand, signed and with a reason.` : "Nobody may override it."),
    (doors.some(Boolean) || byHand) && el("div", { class: "doors" }, ...doors, byHand),
  );
}

/** The form for an entry, for whoever may sign it here or lets somebody sign it. @param {any} way @param {any} gate @param {About} about */
function door(way, gate, about) {
  const mine = way.signed_by.some((/** @type {any} */ each) => each.whose !== "staff" || !each.roles.length || each.roles.some((/** @type {string} */ role) => about.me.roles.includes(role)));
  if (!mine) return null;
  const fields = new URLSearchParams({ type: way.type, ...(way.record && { record: way.record }), ...way.fields, ...(gate.slot && { slot: gate.slot }) });
  const name = spoken(way.type);
  return el("a", { class: "button", href: `/record?${fields}`, "data-record": way.type, "data-key": `${gate.rule} ${gate.slot} ${way.type}`, "aria-label": `Record ${name}${whose(gate)}` }, sign("pen"), `Record ${name}`);
}

/** Which rule of a partner is overridden is sealed, so it stands in no address. @param {any} gate @param {About} about */
function overrideDoor(gate, about) {
  if (!about.session) return null;
  const known = gate.slot
    ? { type: "rule-overridden-for-partner/1", record: `${about.session}/${gate.slot}` }
    : { type: "authorisation-overridden/1", record: about.session, rule: gate.rule, ...(gate.staff && { staff: gate.staff.id }), ...(gate.credential && { credential: gate.credential }) };
  return el("a", { class: "button", href: `/record?${new URLSearchParams(known)}`, "data-record": known.type, "data-key": `${gate.rule} ${gate.slot} override`, "aria-label": `Override ${gate.rule}${whose(gate)}` }, "Override…");
}

/** @param {any} gate */
const whose = (gate) => (gate.slot ? ` for ${gate.slot.toUpperCase()}` : "");

/** `evaluation completed` of `evaluation-completed/1`. @param {string} type */
export const spoken = (type) => type.split("/")[0].replaceAll("-", " ");

/** @param {any} way */
const signers = (way) => way.signed_by.map((/** @type {any} */ each) => (each.whose === "staff" ? `a ${each.roles.map((/** @type {string} */ role) => role.replaceAll("-", " ")).join(" or ")}` : "they sign it themselves")).join(", and ");
