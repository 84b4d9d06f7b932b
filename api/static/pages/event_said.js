/** What became of an entry: what was said about it, who still has to sign, and what somebody can say about it now. */

import { sign } from "./board_svg.js";
import { el, fill } from "./dom.js";
import { confirmOrDispute, correct, voidEntry } from "./event_acts.js";
import { mayMove, move } from "./event_moves.js";
import { refreshKeyring, shapeOf } from "./keyring.js";

const SIGNS = { corrected: "check", confirmed: "check", addendum: "check", sealed: "none" };
const TONES = { corrected: "tone-good", confirmed: "tone-good", addendum: "tone-calm", sealed: "tone-calm" };

/** A mark's kind for its sign and colour: what was sealed only adds to the mark before it. @param {string} code */
const kindOf = (code) => /** @type {"corrected"} */ (code.endsWith("-sealed") ? "sealed" : code);

/**
 * The marks of an entry, each with a way to what made it so.
 *
 * @param {HTMLElement} place @param {any} row
 */
export function showSaid(place, row) {
  const marks = row?.standing ?? [];
  fill(
    place,
    row && !row.counts && el("li", { class: "tone-bad", "data-mark": "not-counted" }, sign("warning"), el("strong", {}, "This entry does not count. It stays here as it was signed.")),
    row?.was && el("li", { class: "tone-calm", "data-mark": "was" }, sign("clock"), el("span", {}, "As it was signed: ", el("s", {}, row.was))),
    marks.map((/** @type {any} */ mark) =>
      el(
        "li",
        { class: TONES[kindOf(mark.code)] ?? "tone-soon", "data-mark": mark.code },
        sign(SIGNS[kindOf(mark.code)] ?? "warning"),
        el("span", {}, mark.words, mark.positions.flatMap((/** @type {number} */ at) => [" ", el("a", { href: `/event/${at}` }, `event ${at}`)])),
      ),
    ),
    !marks.length && row?.counts !== false && el("li", { class: "quiet" }, "Nothing was said about it since, and it lacks no signature."),
  );
}

/**
 * The buttons by which a second person signs, or somebody corrects.
 *
 * @param {HTMLElement} place @param {{payload: any, dig: string, position: number}} entry @param {any} row @param {any} me
 */
export async function showActs(place, entry, row, me) {
  const kind = entry.payload.stream.split("/")[0];
  if (!row || !["session", "person", "couple", "staff", "stock"].includes(kind)) return;
  await refreshKeyring();
  const said = ["countersignature-given/1", "addendum-appended/1"].includes(entry.payload.type);
  if (said) return;
  const later = shapeOf(entry.payload.type).signers.filter((/** @type {any} */ each) => each.when === "later");
  const act = (/** @type {string} */ name, /** @type {string} */ words, /** @type {() => void} */ run) => el("button", { type: "button", class: "button", "data-action": name, onclick: run }, words);
  const about = { entry, row, me, later };
  fill(
    place,
    later.length > 0 && act("confirm-entry", "Confirm…", () => confirmOrDispute(about, "confirms")),
    act("dispute-entry", "Dispute…", () => confirmOrDispute(about, "disputes")),
    act("correct-entry", "Correct…", () => correct(about)),
    act("void-entry", "Entered in error…", () => voidEntry(about)),
    mayMove(about) && act("move-entry", "It is the other partner's…", () => move(about)),
  );
}
