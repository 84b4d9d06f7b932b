/** One signed event: what was said, by whom, when, and whether this browser finds it to be so. */

import { named } from "./board_links.js";
import { sign } from "./board_svg.js";
import { dayAndClock, span } from "./board_time.js";
import { advise, advice } from "./board_trouble.js";
import { fieldWord, MEANINGS, typeWord } from "./board_words.js";
import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { checkEvent } from "./event_check.js";
import { showActs, showSaid } from "./event_said.js";
import { glassForm } from "./glass.js";
import { isPast, offerPast } from "./past.js";
import { keysByKid, openEntry, receiptOf, said } from "./event_facts.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  const { me } = await frame();
  const position = Number(named());
  const entry = await openEntry(position);
  document.title = `Event ${position}`;
  if (!entry.payload) return showHeads(position);
  const [row, keys] = await Promise.all([said(entry), keysByKid()]);
  showHead(position, entry, row);
  showTimes(entry);
  showSigners(entry, keys, row);
  showFields(entry);
  showSaid(byId("said"), row);
  byId("phrase").classList.toggle("struck", row?.counts === false);
  advise(byId("notice"), null);
  byId("event").hidden = false;
  offerPast(byId("event"), entry.payload.occurred.zone);
  showCommands(position);
  await Promise.all([showChecks(position, entry, keys), isPast() || showActs(byId("acts"), entry, row, me)]);
}

/** An entry that is no event: where the log wrote down the ends of its records. @param {number} position */
function showHeads(position) {
  advise(byId("notice"), { name: "heads", sign: "shield", title: `Entry ${position} is the log's own`, text: "Here the log wrote down where each record ended, so that a record cut short is noticed. Nobody signed it but the log." }, "h1");
}

/** @param {number} position @param {any} entry @param {any} row */
function showHead(position, { payload, version }, row) {
  const slot = /\/([ab])$/.exec(payload.stream)?.[1];
  const kind = payload.stream.split("/")[0];
  fill(
    byId("about"),
    el("span", { class: "chip" }, `Event ${position}`),
    el("span", { class: "chip" }, payload.type),
    el("span", { class: "quiet" }, `entry ${version} on ${slot ? `partner ${slot.toUpperCase()}'s record of a session` : `a ${kind} record`}`),
  );
  const isSaid = /^(entry|countersignature|addendum)-/.test(payload.type); // its sentence says already what it is
  const phrase = row?.phrase ?? "";
  fill(byId("phrase"), isSaid && phrase ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase ? `${typeWord(payload.type)}: ${phrase}` : typeWord(payload.type));
  const marks = row ? [...row.marks, ...row.late] : [];
  fill(byId("marks"), marks.map((/** @type {string} */ mark) => el("li", { class: "tone-soon" }, sign("warning"), mark)));
}

/** @param {any} entry */
function showTimes({ payload, received_at: received, written, late }) {
  const { at, zone, precision } = payload.occurred;
  const to = { s: "to the second", min: "to the minute", approx: "approximately" }[/** @type {"s" | "min" | "approx"} */ (precision)];
  fill(
    byId("times"),
    fact("Happened", `${dayAndClock(at, zone)}, ${to}`),
    fact("Recorded", dayAndClock(received, zone), late.length > 0 && el("strong", { class: "late" }, ` ${late.join(", ")}`)),
    fact("Composed", dayAndClock(payload.recorded_at, zone)),
    fact("Zone", zone),
    written?.device && fact("Device", `${written.device_code ?? "one that nobody enrolled"}, its entry number ${written.seq}`),
    written?.clock_ahead_ms && fact("Its clock", `${span(Math.abs(written.clock_ahead_ms))} ${written.clock_ahead_ms > 0 ? "ahead" : "behind"}`, el("strong", { class: "late" }, ` counts as ${dayAndClock(written.counts_at, zone)}`)),
    written && fact("Written", written.not_before ? `between ${dayAndClock(written.not_before, zone)} and ${dayAndClock(written.not_after, zone)}, by the ledger's own clock` : `by ${dayAndClock(written.not_after, zone)}, by the ledger's own clock`),
    written?.contradiction && fact("Its checkpoint", el("strong", { class: "late" }, "is not one of this log's")),
  );
}

/** Who signed, what they mean by it, with which key, and what that key counted for here, as known now. @param {any} entry @param {Map<string, any>} keys @param {any} row */
function showSigners({ payload, signers }, keys, row) {
  fill(
    byId("signers"),
    payload.attested.map((/** @type {any} */ each, /** @type {number} */ at) => {
      const key = keys.get(each.key);
      const who = row?.signed[at]?.by ?? key?.code ?? each.by;
      const here = signers[at] ?? { state: "not known here" };
      const state = here.state === "valid" ? "counts" : here.state;
      return el(
        "li",
        { "data-signer": at },
        el("p", {}, el("strong", {}, who), ` as ${each.role} ${MEANINGS[each.meaning] ?? `signed: ${each.meaning}`}`, el("span", { class: "quiet" }, ` (${each.meaning})`)),
        el("p", { class: "quiet" }, "key ", el("code", {}, `${each.key.slice(0, 16)}…`), key ? `, kept on ${key.custody === "service" ? "the service" : key.custody === "device" ? "a device" : key.custody}` : "", `, enrolled at ${key ? `event ${key.enrolled_at}` : "?"}, ${state}`),
        here.why && el("p", { class: "tone-soon", "data-doubt": here.state }, sign("warning"), `${here.state}: ${here.why}. It can be confirmed by ${here.curable_by}.`),
        el("p", { class: "event-fits", "data-fits": "" }, "checking the signature …"),
      );
    }),
  );
}

/** What stands open in the event, and how much is sealed. @param {any} entry */
function showFields({ payload }) {
  const open = Object.entries(payload.body);
  fill(byId("fields"), open.map(([name, value]) => fact(fieldWord(name), typeof value === "object" && value !== null ? el("code", {}, JSON.stringify(value)) : String(value ?? "–"))));
  const sealed = payload.blocks.length;
  fill(byId("sealed"), sealed ? [sign("lock"), open.length ? "" : "No field stands open. ", `${sealed} sealed ${sealed === 1 ? "part" : "parts"}: what they hold is not on this page. The signature covers them by their digest; the sentence on top is what the service read in them, and this browser has not checked that sentence.`] : "Nothing in it is sealed.");
  byId("fields").hidden = !open.length;
}

/** @param {string} name @param {...any} value */
const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

/** @param {number} position @param {any} entry @param {Map<string, any>} keys */
async function showChecks(position, entry, keys) {
  const receipt = await receiptOf(position);
  const { answers, signatures, holds } = await checkEvent(entry, keys, receipt);
  for (const [at, fits] of signatures.entries()) {
    const place = /** @type {HTMLElement} */ (byId("signers").children[at].querySelector("[data-fits]"));
    place.classList.add(fits.holds ? "tone-good" : "tone-bad");
    fill(place, sign(fits.holds ? "check" : "warning"), fits.words);
  }
  fill(byId("verdict"), sign(holds ? "check" : "warning"), holds ? "This browser checked it: the event is in the log as it was signed." : "Something does not hold. Keep this page and tell a security officer.");
  byId("verdict").className = holds ? "event-verdict tone-good" : "event-verdict tone-bad";
  fill(byId("answers"), answers.map((each) => el("li", { class: each.holds ? "tone-good" : "tone-bad" }, sign(each.holds ? "check" : "warning"), el("span", {}, el("strong", {}, each.holds ? "Yes" : "No"), ` ${each.words}`))));
  fill(byId("receipt"), receipt);
  const link = /** @type {HTMLAnchorElement} */ (byId("download"));
  link.href = URL.createObjectURL(new Blob([receipt], { type: "text/plain" }));
  link.download = `event-${position}.receipt`;
}

/** The commands by which somebody who trusts no page checks the same. @param {number} position */
function showCommands(position) {
  const commands = [`session-ledger check-receipt event-${position}.receipt --pin ledger.json`, "session-ledger verify LEDGER-FOLDER --pin ledger.json"];
  fill(
    byId("commands"),
    commands.map((command) => {
      const done = el("span", { role: "status" });
      const copy = async () => {
        try {
          await navigator.clipboard.writeText(command);
          done.textContent = "Copied";
        } catch {
          done.textContent = "Select it and copy it by hand";
        }
      };
      return el("li", {}, el("code", { tabindex: "0" }, command), el("button", { type: "button", class: "button", onclick: copy }, "Copy"), done);
    }),
  );
}

start().catch((error) => {
  advise(byId("notice"), advice(error), "h1");
  const session = error.code === "not-in-care" && error.errors[0]?.pointer.split("/")[2];
  if (session) byId("notice").append(glassForm(session, () => location.reload()));
});
