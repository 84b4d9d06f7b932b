/** What became of a finding: its state, everything that was signed about it, and what became known later. */

import { eventLink } from "./board_links.js";
import { sign } from "./board_svg.js";
import { dayAndClock } from "./board_time.js";
import { el, fill } from "./dom.js";

/** @typedef {{word: string, sign: "check" | "warning" | "clock" | "unknown" | "none", tone: string}} Word */

/** @type {Record<string, Word>} */
export const STATES = {
  open: { word: "Open", sign: "warning", tone: "bad" },
  reopened: { word: "Reopened", sign: "warning", tone: "bad" },
  acknowledged: { word: "Acknowledged", sign: "clock", tone: "soon" },
  explained: { word: "Explained", sign: "clock", tone: "soon" },
  dispositioned: { word: "Dispositioned", sign: "check", tone: "calm" },
  closed: { word: "Closed", sign: "check", tone: "good" },
};

/** @type {Record<string, string>} */
const KINDS = { acknowledged: "has seen it", explained: "explains it", dispositioned: "decided what becomes of it", closed: "closed it", reopened: "opened it again" };

/** @type {Record<string, string>} */
const TURNS = {
  gone: "By what was known from here on, it was not so: it closed by itself",
  back: "By what was known from here on, it was so again: it opened again by itself",
};

/** How old it is, in words. @param {any} finding */
export const age = ({ age_days: days, state }) => (days === null || days === undefined ? "age not known" : `${days === 1 ? "1 day" : `${days} days`}${state === "closed" ? " until it was closed" : " old"}`);

/** The state in one line. @param {any} finding */
export const stateWords = (finding) => `${STATES[finding.state].word}${finding.by_itself ? " by itself" : ""}`;

/** A word of a record as people write it. @param {string | null} word */
export const spelled = (word) => (word ?? "").replaceAll("-", " ");

/** @param {HTMLElement} place @param {HTMLElement} steps @param {any} finding @param {string} zone */
export function showState(place, steps, finding, zone) {
  const { sign: mark, tone } = STATES[finding.state];
  fill(
    place,
    el("p", { class: `tone-${tone}`, "data-state": finding.state }, sign(mark), el("strong", {}, stateWords(finding)), finding.outcome && ` as ${spelled(finding.outcome)}`),
    el("p", { class: "quiet" }, [finding.opened_at && `It began ${dayAndClock(finding.opened_at, zone)}`, age(finding), finding.state_since && `in this state since ${dayAndClock(finding.state_since, zone)}`].filter(Boolean).join(", "), "."),
    finding.verdict !== "breached" && finding.by_itself && el("p", {}, "What it rested on was corrected or came in later: nobody has to close it. What was known before stays to be seen."),
  );
  const told = [...finding.acts, ...finding.turns].sort((one, other) => one.position - other.position);
  fill(steps, told.map((each) => step(each, zone)), !told.length && el("li", { class: "quiet" }, "Nobody has said anything about it."));
}

/** @param {any} each @param {string} zone */
function step(each, zone) {
  const at = el("a", { href: eventLink(each.position) }, `event ${each.position}`);
  const when = el("span", { class: "quiet" }, `${dayAndClock(each.at, zone)}, `, at);
  if (TURNS[each.kind]) return el("li", { "data-step": each.kind }, el("span", {}, TURNS[each.kind]), when);
  const who = each.by.map((/** @type {any} */ one) => one.code).join(" and ");
  const more = [each.outcome && spelled(each.outcome), each.reason && spelled(each.reason), each.action && `to do: ${spelled(each.action)}`, each.due && `until ${each.due}`].filter(Boolean);
  return el("li", { "data-step": each.kind }, el("span", {}, el("strong", {}, who), ` (${spelled(each.role)}) ${KINDS[each.kind]}`, more.length ? `: ${more.join(", ")}` : ""), when);
}
