/** One finding: what the rule asks, what was done, what was known then, and the signed events it rests on. */

import { eventLink, asked, named } from "./board_links.js";
import { sign } from "./board_svg.js";
import { clock, dayAndClock, plusSeconds, span } from "./board_time.js";
import { advise, advice } from "./board_trouble.js";
import { SEVERITIES, typeWord, VERDICTS, whose, whoseInWords } from "./board_words.js";
import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { drawStrip } from "./finding_strip.js";
import { isPast, offerPast } from "./past.js";
import { offerActs } from "./finding_acts.js";
import { showState, stateWords } from "./finding_state.js";
import { aboutSession, findingNow, findingThen, NotFound } from "./finding_facts.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  const { me } = await frame();
  const { finding, now } = await findingNow(named(), asked("session"));
  const about = await aboutSession(finding.session);
  const rows = about.rows.filter((row) => finding.evidence.includes(row.position));
  showHead(finding, about);
  showStrip(finding, rows, about.zone, now);
  showNumbers(finding, about.zone, now);
  showEvidence(finding, rows, about.zone);
  byId("became").hidden = !finding.state;
  if (finding.state) showState(byId("state"), byId("steps"), finding, about.zone);
  advise(byId("notice"), null);
  byId("finding").hidden = false;
  offerPast(byId("finding"), about.zone);
  await Promise.all([showThen(finding, about.zone, now), finding.state && !isPast() && offerActs(byId("acts"), { finding, me, zone: about.zone })]);
}

/** @param {any} finding @param {import("./finding_facts.js").About} about */
function showHead(finding, { couple, room }) {
  const { word, sign: mark, tone } = VERDICTS[finding.verdict];
  document.title = `${finding.rule} ${whose(finding)} ${couple}: ${word}`;
  fill(
    byId("verdict"),
    el("span", { class: `chip tone-${tone}` }, sign(mark), word),
    el("span", { class: "chip" }, `${finding.rule} version ${finding.version}`),
    el("span", { class: "chip" }, SEVERITIES[finding.severity]),
    el("span", { class: "quiet" }, [couple, whoseInWords(finding), room].filter(Boolean).join(", ")),
  );
  fill(byId("sentence"), finding.sentence);
}

/** @param {any} finding @param {any[]} rows @param {string} zone @param {number} now */
function showStrip(finding, rows, zone, now) {
  const at = (/** @type {string | null} */ instant) => (instant ? Date.parse(instant) : null);
  const made = at(finding.made_at);
  const isOpen = finding.outstanding;
  /** @type {import("./finding_strip.js").Mark[]} */
  const marks = rows.map((row) => ({ at: Date.parse(row.at), words: shortType(row.type), kind: Date.parse(row.at) === made ? "made" : "seen" }));
  if (made !== null && !marks.some(({ kind }) => kind === "made")) marks.push({ at: made, words: "done", kind: "made" });
  if (isOpen) marks.push({ at: now, words: "now", kind: "now" });
  if (!marks.length || (!finding.due && !finding.limit)) {
    byId("strip-part").hidden = true;
    return;
  }
  drawStrip(byId("strip"), { due: at(finding.due), limit: at(finding.limit), made, now, isOpen, verdict: finding.verdict, zone, marks });
}

/** @param {string} type */
const shortType = (type) => (type.startsWith("supervision-checked") ? "check" : type.startsWith("dose-administered") ? "dose" : typeWord(type).toLowerCase());

/** The numbers that were compared, in a table, which is also what somebody hears who cannot see the strip. @param {any} finding @param {string} zone @param {number} now */
function showNumbers(finding, zone, now) {
  const { due, limit, made_at: made, outstanding } = finding;
  const past = limit ? (made ? Date.parse(made) : now) - Date.parse(limit) : 0;
  const lines = [
    due && ["Due", dayAndClock(due, zone)],
    limit && ["At the latest", dayAndClock(limit, zone)],
    ["Done", made ? dayAndClock(made, zone) : outstanding ? "not yet" : "no"],
    limit && past > 0 && (made || outstanding) && ["After the limit", `${span(past)}${made ? "" : ", and counting when this was loaded"}`],
    finding.causes.length > 0 && ["Because", finding.causes.join(", ")],
  ];
  const isTimed = due || limit || made;
  fill(
    byId("numbers"),
    lines.filter((line) => line && (isTimed || line[0] !== "Done")).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { class: "number" }, value))),
    finding.protocol !== null &&
      el("div", {}, el("dt", {}, "Figures from"), el("dd", {}, el("a", { href: eventLink(finding.protocol) }, `the protocol pinned at the opening, event ${finding.protocol}`))),
  );
}

/** What the log knew one second after the limit, beside what it knows now. @param {any} finding @param {string} zone @param {number} now */
async function showThen(finding, zone, now) {
  const card = (/** @type {string} */ title, /** @type {string} */ when, /** @type {any} */ said) =>
    el(
      "div",
      { class: "finding-known" },
      el("h3", {}, title),
      el("p", { class: "quiet" }, when),
      said && el("p", { class: `tone-${VERDICTS[said.verdict].tone}` }, sign(VERDICTS[said.verdict].sign), el("strong", {}, VERDICTS[said.verdict].word), said.state && ` · ${stateWords(said)}`),
      el("p", {}, said ? said.sentence : "This finding did not exist then: nothing had set its clock going."),
    );
  const cards = [card("Known now", `as of ${dayAndClock(now, zone)}`, finding)];
  if (finding.limit && Date.parse(finding.limit) < now) {
    const moment = plusSeconds(finding.limit, 1);
    const { size, said } = await findingThen(finding, moment);
    cards.unshift(card("Known then", `at ${clock(moment, zone)}, the second after the limit; the log had ${size} entries`, said));
  }
  fill(byId("known"), cards);
}

/** @param {any} finding @param {any[]} rows @param {string} zone */
function showEvidence(finding, rows, zone) {
  const said = new Map(rows.map((row) => [row.position, row]));
  const late = new Map(finding.late.map((/** @type {any} */ each) => [each.position, each.words]));
  fill(
    byId("evidence"),
    finding.evidence.map((/** @type {number} */ position) => {
      const row = said.get(position);
      const words = row ? `${typeWord(row.type)}: ${row.phrase}` : "An event of another record";
      return el(
        "li",
        {},
        el("a", { href: eventLink(position) }, el("span", { class: "number" }, row ? clock(row.at, zone) : ""), el("span", {}, words), el("span", { class: "quiet" }, `event ${position}`)),
        el("span", { class: "quiet" }, row && signedBy(row), (late.get(position) ?? []).map((/** @type {string} */ words) => el("strong", { class: "late" }, ` ${words}`))),
      );
    }),
    !finding.evidence.length && el("li", {}, "It rests on no event: that something is missing is what it says."),
  );
}

/** @param {any} row */
const signedBy = (row) => `signed by ${row.signed.map((/** @type {any} */ each) => `${each.by} (${each.meaning})`).join(", ")}`;

start().catch((error) => {
  const missing = error instanceof NotFound;
  const gone = { name: "not-found", sign: /** @type {const} */ ("none"), title: "There is no such finding", text: "Check the address for a slip; a finding keeps its address for ever." };
  advise(byId("notice"), missing ? gone : advice(error), "h1");
});
