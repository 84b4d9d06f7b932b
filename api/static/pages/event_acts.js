/** Confirming, disputing, correcting and voiding an entry: each an event of its own, signed by whoever says it. */

import { fieldWord, typeWord } from "./board_words.js";
import { el } from "./dom.js";
import { choice, text } from "./fields.js";
import { shapeOf } from "./keyring.js";
import { record } from "./recording.js";
import { openSheet } from "./sheet.js";
import { fromLocal } from "./times.js";
import { toInstant } from "./server_time.js";
import { whoSigns } from "./who_signs.js";

/** @typedef {{entry: {payload: any, dig: string, position: number}, row: any, me: any, later: any[]}} About */

const REASONS = [
  ["transcription", "Written down wrongly"], ["wrong-time", "Wrong time"], ["wrong-product", "Wrong product"],
  ["wrong-person", "A field named the wrong person"], ["duplicate", "Entered twice"], ["device-error", "A device's error"], ["other", "Another reason"],
];
const ERRORS = [["entered-in-error", "Entered in error"], ["duplicate", "Entered twice"], ["device-error", "A device's error"], ["other", "Another reason"]];

/** A second person's word on an entry. @param {About} about @param {"confirms" | "disputes"} verdict */
export function confirmOrDispute(about, verdict) {
  const type = "countersignature-given/1";
  const confirms = verdict === "confirms";
  const sheet = sheetFor(about, confirms ? "confirm-entry" : "dispute-entry", `${confirms ? "Confirm" : "Dispute"} event ${about.entry.position}`);
  const authors = about.entry.payload.attested.map((/** @type {any} */ each) => each.by);
  const asked = confirms ? about.later : [];
  const as = asked.length > 1 ? choice("gives", "Which signature", asked.map(({ meaning }) => [meaning, meaning])) : null;
  const why = confirms || isJoint(about) ? null : text("reason", "What is not so", { maxlength: 280 });
  const rule = () => asked.find(({ meaning }) => meaning === as?.read()) ?? (asked.length === 1 ? asked[0] : null);
  const signer = whoSigns({ me: about.me, roles: confirms ? [...new Set(asked.flatMap(({ roles }) => roles))] : [], pin: true, not: authors, label: "The second person signs, by PIN" });
  const words = confirms ? "You looked at it, and it is so." : "It stays, and everybody sees that it is disputed. A disputed correction does not count.";
  sheet.show([shown(about), el("p", {}, words), as?.node, why?.node, signer.node], {
    label: confirms ? "Confirm" : "Dispute",
    async run() {
      if (as && !as.read()) throw new Error("Say which signature this is.");
      if (why && !why.read()) throw new Error("Say what is not so.");
      const who = await signer.confirmed();
      const role = who.roles.find((each) => !rule() || rule().roles.includes(each)) ?? who.roles[0];
      await say(about, {
        type, fields: { gives: rule()?.meaning ?? "reviewed", verdict, target: target(about), ...(why ? { reason: why.read() } : {}) },
        signers: [{ owner: who.owner, meaning: "countersigned", role }], words: `event ${about.entry.position} ${confirms ? "confirmed" : "disputed"}`,
      });
    },
  });
}

/** An entry that should not be there. @param {About} about */
export function voidEntry(about) {
  const sheet = sheetFor(about, "void-entry", `Event ${about.entry.position} was entered in error`);
  const reason = choice("reason", "Why", /** @type {[string, string][]} */ (ERRORS));
  const note = isJoint(about) ? null : text("note", "Note", { maxlength: 280 });
  const signer = whoSigns({ me: about.me, roles: [], pin: true, label: "Signs, by PIN" });
  sheet.show([shown(about), el("p", {}, "It stays to be seen, and does not count any more. Where it has milligrams, a blood pressure, a release or a person in it, that is so once a second person has signed."), reason.node, note?.node, signer.node], {
    label: "Enter as an error",
    danger: true,
    async run() {
      if (!reason.read()) throw new Error("Say why.");
      const who = await signer.confirmed();
      await say(about, {
        type: "entry-voided/1", fields: { reason: reason.read(), target: target(about), ...(note ? { note: note.read() } : {}) },
        signers: [{ owner: who.owner, meaning: "corrected", role: who.roles[0] }], words: `event ${about.entry.position} entered as an error`,
      });
    },
  });
}

/** One field that should have said something else. @param {About} about */
export function correct(about) {
  const { payload } = about.entry;
  const sheet = sheetFor(about, "correct-entry", `Correct event ${about.entry.position}`);
  const places = shapeOf(payload.type).fields;
  const id = "correct-field";
  const options = [["occurred.at", "when it happened"], ...places.map((/** @type {any} */ each) => [each.field, fieldWord(each.field)])];
  const select = /** @type {HTMLSelectElement} */ (el("select", { id, "data-field": "field", autofocus: true }, el("option", { value: "" }, "Which field"), options.map(([value, word]) => el("option", { value }, word))));
  const was = text("was", "What stands there");
  const now = text("now", "What should have stood there", { "aria-describedby": "how-to-write" });
  const before = /** @type {HTMLInputElement} */ (was.node.querySelector("input"));
  select.addEventListener("change", () => {
    const value = standing(payload, select.value);
    before.value = value === undefined ? "" : spelled(value, payload, select.value);
    before.readOnly = value !== undefined;
  });
  const reason = choice("reason", "Why", /** @type {[string, string][]} */ (REASONS));
  const note = isJoint(about) ? null : text("note", "Note", { maxlength: 280 });
  const signer = whoSigns({ me: about.me, roles: [], pin: true, label: "Signs, by PIN" });
  sheet.show(
    [
      shown(about),
      el("div", { class: "field" }, el("label", { for: id }, "Field"), select), was.node, now.node,
      el("p", { id: "how-to-write", class: "quiet" }, "Write 50 mg, 128/80, yes, no, a number, or a time such as 2026-05-16 10:05; for nothing leave it empty. A sealed value is not on this page: type what stands there."),
      reason.node, note?.node, signer.node,
    ],
    {
      label: "Record the correction",
      async run() {
        if (!select.value) throw new Error("Say which field.");
        if (!reason.read()) throw new Error("Say why.");
        const place = places.find((/** @type {any} */ each) => each.field === select.value);
        const known = standing(payload, select.value);
        const change = { field: select.value, now: meant(now.read(), payload, select.value), was: known === undefined ? meant(was.read(), payload, select.value) : known };
        const group = !place || place.privacy === "open" ? "changes" : place.slot ? `${place.privacy}_${place.slot}` : place.privacy;
        const sealed = ["clinical", "sensitive", "identity"].flatMap((name) => (isJoint(about) ? [`${name}_a`, `${name}_b`] : [name]));
        const who = await signer.confirmed();
        await say(about, {
          type: "entry-corrected/1",
          fields: { changes: [], reason: reason.read(), target: target(about), ...Object.fromEntries(sealed.map((name) => [name, []])), ...(note ? { note: note.read() } : {}), [group]: [change] },
          signers: [{ owner: who.owner, meaning: "corrected", role: who.roles[0] }], words: `event ${about.entry.position} corrected`,
        });
      },
    },
  );
}

/** @param {About} about @param {string} action @param {string} title */
function sheetFor(about, action, title) {
  const slot = /** @type {"a" | "b" | null} */ (/\/([ab])$/.exec(about.entry.payload.stream)?.[1] ?? null);
  return openSheet({ slot, action, title });
}

/** What the entry says, once more, so that nobody signs about another one. @param {About} about */
const shown = ({ entry, row }) => el("p", { class: "said-of" }, el("strong", {}, `${typeWord(entry.payload.type)} `), row.phrase);

/** @param {About} about */
const isJoint = ({ entry }) => !/\/[ab]$/.test(entry.payload.stream) && /^(session|couple)\//.test(entry.payload.stream);

/** @param {About} about */
const target = ({ entry }) => ({ dig: entry.dig, id: entry.payload.id });

/** Record it, and look at the entry anew. @param {About} about @param {any} act */
async function say(about, act) {
  const { payload } = about.entry;
  const proven = await record({ ...act, stream: payload.stream }, payload.occurred.zone);
  if (proven) location.assign(`/event/${about.entry.position}?at_least=${proven.position + 1}`);
  else throw new Error("It is signed and kept on this tablet, and sent when the network is back.");
}

/** The value in the open part; undefined for a sealed one. @param {any} payload @param {string} field */
const standing = (payload, field) => (field === "occurred.at" ? payload.occurred.at : payload.body[field]);

/** @param {any} value @param {any} payload @param {string} field */
function spelled(value, payload, field) {
  if (field === "occurred.at") return new Intl.DateTimeFormat("sv-SE", { timeZone: payload.occurred.zone, dateStyle: "short", timeStyle: "short" }).format(new Date(value));
  if (value === null) return "";
  if (value.unit) return `${value.value} ${value.unit}`;
  return typeof value === "object" ? JSON.stringify(value) : value === true ? "yes" : value === false ? "no" : String(value);
}

/** What somebody meant by what they wrote. @param {string | null} written @param {any} payload @param {string} field */
function meant(written, payload, field) {
  if (written === null) return null;
  const mass = /^(\d+(?:\.\d+)?) mg$/.exec(written);
  const pressure = /^(\d+)\/(\d+)$/.exec(written);
  const time = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(written);
  if (mass) return { unit: "mg", value: mass[1] };
  if (pressure) return { diastolic: Number(pressure[2]), systolic: Number(pressure[1]) };
  if (time) return toInstant(fromLocal(`${time[1]}T${time[2]}`, payload.occurred.zone));
  if (written === "yes" || written === "no") return written === "yes";
  if (/^[[{]/.test(written)) return JSON.parse(written);
  return /^-?\d{1,15}$/.test(written) && typeof standing(payload, field) !== "string" ? Number(written) : written;
}
