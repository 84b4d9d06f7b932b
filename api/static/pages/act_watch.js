/** Watching one partner: the check of one tap, the check with values. */

import { el } from "./dom.js";
import { yesNo, whenField } from "./fields.js";
import { keyOf } from "./keyring.js";
import { asFields, numberPad } from "./number_pad.js";
import { doubts, inWords } from "./readings.js";
import { letter } from "./room_words.js";
import { openSheet } from "./sheet.js";
import { text } from "./fields.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {"a" | "b"} Slot */

const TYPE = "supervision-checked/1";
const MONITORS = ["nurse", "prescriber", "therapist"];

/** What the one tap records: exactly the sentence under its button, no more. */
export const LOOKED_AT = "Airway clear, no distress";
const AS_EXPECTED = { airway_clear: true, distress: 0 };

/** @param {Room} room @param {Slot} slot */
export function oneTap(room, slot) {
  const me = room.me;
  return room.record({
    type: TYPE,
    stream: room.partner(slot).record,
    fields: AS_EXPECTED,
    signers: [room.staffSigns(TYPE, me)],
    words: `${letter(slot)} as expected`,
  });
}

/** Why the one tap cannot be signed here; empty when it can. @param {Room} room */
export function whyNoTap(room) {
  if (!room.me.roles.some((role) => MONITORS.includes(role))) return "Not in your role";
  return keyOf(room.me.owner) ? "" : "Your key is not on this tablet";
}

/** @param {Room} room @param {Slot} slot */
export const vitals = (room, slot) =>
  readings(room, slot, {
    action: "vitals", title: `Vitals of ${letter(slot)}`, type: TYPE,
    names: ["systolic", "diastolic", "heart_rate", "spo2", "moaas", "respiratory_rate", "cadss6"],
    verb: "Record", more: () => ({}),
  });

/** @param {Room} room @param {Slot} slot */
export const preDose = (room, slot) =>
  readings(room, slot, {
    action: "pre-dose", title: `Vitals of ${letter(slot)} before the dose`, type: "pre-dose-assessed/1",
    names: ["systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "moaas", "cadss6"],
    verb: "Record", more: () => ({}),
  });

/**
 * Values by number pad, then a confirm that repeats whose they are.
 *
 * @param {Room} room @param {Slot} slot
 * @param {{action: string, title: string, type: string, names: string[], verb: string, more: (values: any) => Record<string, any>, fields?: import("./fields.js").Field[], beside?: () => string}} what
 */
export function readings(room, slot, what) {
  const sheet = openSheet({ slot, action: what.action, title: what.title });
  let ready = () => {};
  const pad = numberPad(what.names, () => ready());
  const air = yesNo("room_air", "SpO₂ on room air");
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: MONITORS });
  const reason = text("reason", "Unusual: why it is true all the same", { maxlength: 280 });
  reason.node.setAttribute("hidden", "");

  const record = async () => {
    const values = pad.read();
    const odd = doubts(values);
    const missing = pad.missing();
    if (Object.values(values).every((value) => value === null) && !missing.length) throw new Error("Nothing was entered yet.");
    if ((values.systolic === null) !== (values.diastolic === null)) throw new Error("A blood pressure has two numbers.");
    if (odd.length && !reason.read()) {
      reason.node.removeAttribute("hidden");
      reason.node.querySelector("input")?.focus();
      throw Object.assign(new Error(odd.join(" ")), { code: "implausible-value", remedy: "Correct it, or say why it is true." });
    }
    const more = what.more(values);
    const who = await signer.confirmed();
    await room.record({
      type: what.type,
      stream: room.partner(slot).record,
      fields: { ...asFields(values), room_air: air.read(), not_obtained: missing, confirmed: odd.length ? { reason: reason.read() } : null, ...more },
      signers: [room.staffSigns(what.type, who)],
      when: when.read(),
      words: `${letter(slot)} · ${inWords(values) || "not read"}`,
    });
    sheet.close();
  };
  sheet.show([pad.node, air.node, ...(what.fields ?? []).map(({ node }) => node), reason.node, when.node, signer.node], { label: `${what.verb} ${letter(slot)}`, run: record });
  ready = () => sheet.relabel(`${what.verb} ${letter(slot)} · ${inWords(pad.read()) || "…"}`);
}

/** The sentence under the one tap. */
export const helpOfTap = () => el("small", {}, LOOKED_AT);
