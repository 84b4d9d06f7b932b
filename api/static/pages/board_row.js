/**
 * One open session on the floor: which room, how long, and its two partners side by side, A always left.
 *
 * What depends on the time is filled in every second by what stands in `ticking`; the rest only when it changed.
 */

import { findingLink } from "./board_links.js";
import { checkState } from "./board_state.js";
import { sign } from "./board_svg.js";
import { clock, span } from "./board_time.js";
import { phaseTone, phaseWord, rank, VERDICTS, whose } from "./board_words.js";
import { el } from "./dom.js";
import { duration } from "./times.js";

/** @typedef {(now: number) => void} Tick */

/** @param {any} room @param {{kiosk: boolean, ticking: Tick[], announce: (text: string) => void}} how */
export function roomRow(room, { kiosk, ticking, announce }) {
  const { a, b } = room.partners;
  const isOne = a.phase === b.phase && !a.departed_at && !b.departed_at;
  const elapsed = el("span", { class: "number" });
  if (room.opened_at) ticking.push((now) => (elapsed.textContent = span(now - Date.parse(room.opened_at))));
  const head = el(
    "div",
    { class: "board-head" },
    el("h2", { id: `row-${room.session.split("/")[1]}` }, room.couple_code),
    el("p", { class: "board-place" }, [room.room, room.location_code].filter(Boolean).join(" · ")),
    isOne && phaseChip(a.phase),
    el("p", { class: "quiet" }, "open for ", elapsed),
    lacking(room.pending),
  );
  const partners = ["a", "b"].map((slot) => partnerCell(slot, room.partners[slot], room, { kiosk, ticking, announce, isOne }));
  return el("li", { class: "board-row", "data-session": room.session, "aria-labelledby": head.children[0].id }, head, ...partners, findingList(room, kiosk));
}

/** @param {string | null} phase */
const phaseChip = (phase) => el("p", { class: `chip phase-${phaseTone(phase)}` }, phaseWord(phase));

/** @param {string} slot @param {any} partner @param {any} room @param {any} how */
function partnerCell(slot, partner, room, { kiosk, ticking, announce, isOne }) {
  const letter = slot.toUpperCase();
  const word = el("span", { class: "board-word" });
  const digits = el("span", { class: "board-digits number" });
  const mark = el("span", { class: "board-sign" });
  const detail = el("p", { class: "quiet board-detail" });
  const box = el("div", { class: "board-due" }, el("p", { class: "board-what" }, mark, word), el("p", {}, digits));
  const cell = el(
    "section",
    { class: `board-partner slot-${slot}`, "aria-label": `Partner ${letter} of ${room.couple_code}` },
    el("p", { class: "letter", "aria-hidden": "true" }, letter),
    box,
    detail,
    !isOne && phaseChip(partner.phase),
    kiosk ? null : readings(partner, room, ticking),
    watcher(partner),
    lacking(partner.pending),
  );
  let before = "";
  ticking.push((now) => {
    const state = checkState(partner, now);
    cell.dataset.state = state.tone;
    if (state.name !== before) {
      mark.replaceChildren(sign(state.sign));
      word.textContent = state.word;
      detail.textContent = dueWords(partner, room.zone);
      if (state.name === "overdue" && before !== "overdue") announce(`${room.couple_code} ${letter}: check overdue since ${clock(partner.limit_at, room.zone)}`);
      before = state.name;
    }
    digits.textContent = state.left === null ? state.short : `${state.name === "overdue" ? "+" : ""}${duration(state.left)}`;
  });
  return cell;
}

/** @param {any} partner @param {string} [zone] */
function dueWords(partner, zone) {
  if (partner.departed_at) return `left at ${clock(partner.departed_at, zone)}`;
  if (partner.released_at) return `released at ${clock(partner.released_at, zone)}`;
  if (!partner.due_at) return "";
  const latest = partner.limit_at ? `, at the latest ${clock(partner.limit_at, zone)}` : "";
  return `due ${clock(partner.due_at, zone)}${latest}`;
}

/** The last values, each as old as it is: never filled in, never carried over. @param {any} partner @param {any} room @param {Tick[]} ticking */
function readings(partner, room, ticking) {
  const last = partner.last_vitals;
  if (!last) return el("p", { class: "quiet board-vitals" }, "No readings yet");
  const { blood_pressure: bp, spo2, moaas } = last.values;
  const age = el("span");
  ticking.push((now) => (age.textContent = `${clock(last.at, room.zone)}, ${span(now - Date.parse(last.at))} ago`));
  return el(
    "dl",
    { class: "board-vitals" },
    reading("BP", bp, () => `${bp.systolic}/${bp.diastolic}`),
    reading("SpO₂", spo2, () => `${plain(spo2)} %`),
    reading("Alert", moaas, () => `${plain(moaas)}/5`),
    el("div", { class: "board-age" }, el("dt", {}, "Read"), el("dd", {}, age, last.late.length > 0 && el("span", { class: "board-late" }, ` ${last.late.join(", ")}`))),
  );
}

/** @param {string} name @param {any} value @param {() => string} words */
const reading = (name, value, words) =>
  el("div", {}, el("dt", {}, name), el("dd", { class: "number" }, value?.gone ? value.gone : value === null || value === undefined ? "–" : words()));

/** @param {any} value */
const plain = (value) => (typeof value === "object" ? value.value : value);

/** Who is in the room with this partner, as far as the service says. @param {any} partner */
function watcher(partner) {
  if (!partner.monitors || partner.departed_at) return null;
  const codes = partner.monitors.map((/** @type {any} */ each) => each.code ?? each);
  if (!codes.length) return el("p", { class: "board-watch nobody" }, sign("warning"), "Nobody is recorded in the room");
  return el("p", { class: "board-watch quiet" }, sign("eye"), `${codes.join(", ")} in the room`);
}

/** How many entries still lack a signature; that nothing is missing is said by silence. @param {number} count */
const lacking = (count) => (count ? el("p", { class: "board-lacks" }, sign("key"), count === 1 ? "1 entry lacks a signature" : `${count} entries lack a signature`) : null);

/** What the rules found in this room: the worst first, of these what can still be done, then the newest. @param {any} room @param {boolean} kiosk */
function findingList(room, kiosk) {
  const shown = [...room.findings].sort((x, y) => rank(x.verdict) - rank(y.verdict) || Number(y.outstanding) - Number(x.outstanding) || (y.limit ?? "").localeCompare(x.limit ?? ""));
  if (!shown.length) return null;
  return el(
    "ul",
    { class: "board-findings", "aria-label": `Findings of ${room.couple_code}` },
    shown.map((finding) => {
      const { word, sign: mark, tone } = VERDICTS[finding.verdict];
      const name = el("strong", {}, `${finding.rule} ${whose(finding)}`);
      const words = [sign(mark), el("span", { class: "board-verdict" }, word), name];
      const since = finding.limit ? el("span", { class: "quiet" }, `limit ${clock(finding.limit, room.zone)}`) : null;
      if (kiosk) return el("li", { class: `tone-${tone}` }, words, since);
      return el("li", { class: `tone-${tone}` }, el("a", { href: findingLink(finding), "data-finding": finding.id }, words, el("span", {}, finding.sentence)));
    }),
  );
}
