/**
 * An entry that stands on the wrong partner's record: voided here, in words that say no more, and joined with the
 * entry that says it on the right record. What is sealed is not on this page, so that entry is made first, on the
 * right partner's card in the room; from the joining on only one of the two counts.
 */

import { uuidOf } from "./board_links.js";
import { typeWord } from "./board_words.js";
import { el } from "./dom.js";
import { choice } from "./fields.js";
import { get } from "./http.js";
import { record } from "./recording.js";
import { openSheet } from "./sheet.js";
import { clockTime } from "./times.js";
import { whoSigns } from "./who_signs.js";

/** @typedef {{entry: {payload: any, dig: string, position: number}, row: any, me: any}} About */

const TAKEN = ["voided", "pending", "reattributed"];

/** Whether an entry may be moved: it stands on one partner's record of a session, and was not moved yet. @param {About} about */
export const mayMove = ({ entry, row }) =>
  /^session\/[^/]+\/[ab]$/.test(entry.payload.stream) && row.counts && !row.standing.some((/** @type {any} */ mark) => mark.code === "reattributed");

/** @param {About} about */
export async function move(about) {
  const { payload, position } = about.entry;
  const slot = /** @type {"a" | "b"} */ (payload.stream.at(-1));
  const right = slot === "a" ? "b" : "a";
  const sheet = openSheet({ slot, action: "move-entry", title: `Event ${position} is partner ${right.toUpperCase()}'s` });
  const there = await candidates(payload, right);
  const room = el("a", { href: `/room/${uuidOf(payload.stream)}` }, "the room");
  const how = el(
    "p",
    {},
    `It is voided here, and joined with the entry that says it on partner ${right.toUpperCase()}'s record. `,
    there.length ? `If that entry is not among these, record it first on partner ${right.toUpperCase()}'s card in ` : `There is none yet: record it first on partner ${right.toUpperCase()}'s card in `,
    room,
    ". Neither partner's copy says that the other one was concerned. A second person then confirms the void; until then this entry counts, and the other one does not.",
  );
  const said = el("p", { class: "said-of" }, el("strong", {}, `${typeWord(payload.type)} `), about.row.phrase);
  if (!there.length) return sheet.show([said, how], { label: "Close", run: async () => {} });
  const zone = payload.occurred.zone;
  const created = choice("created", "Which entry says it there", there.map((row) => [String(row.position), `${clockTime(row.at, zone)} · ${row.phrase} · event ${row.position}`]));
  const signer = whoSigns({ me: about.me, roles: [], pin: true, label: "Signs, by PIN" });
  sheet.show([said, how, created.node, signer.node], {
    label: "Void here and join",
    danger: true,
    async run() {
      if (!created.read()) throw new Error("Say which entry says it on the other record.");
      const who = await signer.confirmed();
      const signers = [{ owner: who.owner, meaning: "corrected", role: who.roles[0] }];
      const voided = await theVoid(about, signers, zone);
      const act = {
        type: "entry-reattributed/1",
        stream: payload.stream.replace(/^session\/([^/]+)\/[ab]$/, "governance/$1"),
        fields: { voided: await reference(voided), created: await reference(Number(created.read())) },
        signers,
        words: `event ${position} joined with event ${created.read()}`,
      };
      const joined = await record(act, zone);
      if (!joined) throw new Error(`The void stands as event ${voided}. That the two belong together is signed and kept on this tablet, and sent when the network is back.`);
      location.assign(`/event/${voided}?at_least=${joined.position + 1}`);
    },
  });
}

/** The void of the entry: the one that waits already, when a first try was cut off, else a new one. @param {About} about @param {any[]} signers @param {string} zone */
async function theVoid({ entry, row }, signers, zone) {
  const waiting = row.standing.find((/** @type {any} */ mark) => mark.code === "pending" && mark.words.startsWith("to be voided"));
  if (waiting) return Number(waiting.positions[0]);
  const fields = { reason: "entered-in-error", target: { dig: entry.dig, id: entry.payload.id } };
  const proven = await record({ type: "entry-voided/1", stream: entry.payload.stream, fields, signers, words: `event ${entry.position} entered as an error` }, zone);
  if (!proven) throw new Error("The void is signed and kept on this tablet, and sent when the network is back. Then come here again, and join it with the other entry.");
  return proven.position;
}

/** What of the same kind counts on the other partner's record, the newest first. @param {any} payload @param {"a" | "b"} right @returns {Promise<any[]>} */
async function candidates(payload, right) {
  const { rows } = await get(`/v1/sessions/${uuidOf(payload.stream)}/timeline`);
  const same = rows.filter((/** @type {any} */ row) => row.slot === right && row.type === payload.type && row.counts);
  return same.filter((/** @type {any} */ row) => !row.standing.some((/** @type {any} */ mark) => TAKEN.includes(mark.code))).reverse();
}

/** As another event names it. @param {number} position */
async function reference(position) {
  const { dig, event_id } = await get(`/v1/entries/${position}`);
  return { dig, id: event_id };
}
