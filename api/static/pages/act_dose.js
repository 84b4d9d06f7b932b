/** Dosing: permitted, prepared and given, offered, or the word "no". Every confirm repeats letter and milligrams. */

import { choice, text, whenField, yesNo } from "./fields.js";
import { el } from "./dom.js";
import { CARERS } from "./act_before.js";
import { handOver } from "./own_signature.js";
import { IDENTIFIERS, letter } from "./room_words.js";
import { serverNow, toInstant } from "./server_time.js";
import { openSheet } from "./sheet.js";
import { clockTime } from "./times.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {"a" | "b"} Slot */

const GIVERS = ["nurse", "prescriber"];
const WINDOW_MIN = 15;
const MG = /^(0|[1-9]\d{0,5})(\.\d{1,3})?$/;

/** @param {Room} room @param {Slot} slot */
export function authorise(room, slot) {
  const type = "dose-authorised/1";
  const order = room.partner(slot).orders.find((/** @type {any} */ each) => each.holds_today);
  const sheet = openSheet({ slot, action: "authorise", title: `Permit a dose for ${letter(slot)}` });
  if (!order) return sheet.show([el("p", { class: "why" }, `No order for ${letter(slot)} holds today.`)], null);
  const fixed = order.min_mg === order.max_mg ? order.min_mg : "";
  const mg = mgField(`Milligrams, ${order.min_mg} to ${order.max_mg} ordered`, fixed, () => relabel());
  const signer = whoSigns({ me: room.me, roles: GIVERS, pin: true, label: "Authorises, by PIN" });
  const relabel = () => sheet.relabel(`Permit ${letter(slot)} ${mg.read() ?? "…"} mg`);
  sheet.show([orderWords(order), mg.node, signer.node], {
    label: `Permit ${letter(slot)} ${fixed || "…"} mg`,
    async run() {
      const mass = mg.need();
      const who = await signer.confirmed();
      const from = Math.floor(serverNow() / 1000) * 1000;
      await room.record({
        type,
        stream: room.partner(slot).record,
        fields: {
          route: order.route, mass, order: { dig: order.dig, id: order.id },
          valid_from: toInstant(from), valid_to: toInstant(from + WINDOW_MIN * 60_000),
        },
        signers: [room.staffSigns(type, who)],
        words: `${letter(slot)} ${mass.value} mg permitted until ${clockTime(from + WINDOW_MIN * 60_000, room.zone)}`,
      });
      room.authorised[slot] = mass.value;
      sheet.close();
    },
  });
}

/** Taken out and given, in one sheet and two events. @param {Room} room @param {Slot} slot */
export function give(room, slot) {
  const partner = room.partner(slot);
  const order = partner.orders.find((/** @type {any} */ each) => each.holds_today) ?? null;
  const sheet = openSheet({ slot, action: "give", title: `Give ${letter(slot)} a dose` });
  if (!partner.containers.length) return sheet.show([el("p", { class: "why" }, `No container of ${letter(slot)} was handed in for this session.`)], null);
  const bottle = choice("container", "From", partner.containers.map((/** @type {any} */ each) => [each.id, `${each.code} · ${each.strength_mg} mg each · ${each.balance_units} left`]), { chosen: partner.containers.length === 1 ? partner.containers[0].id : undefined });
  const mg = mgField("Milligrams", room.authorised[slot] ?? "", () => relabel());
  const counted = yesNo("count_checked", "What was taken out is counted");
  const identifiers = choice("identifiers", `Is this ${letter(slot)}? Compared`, IDENTIFIERS, { many: true });
  const own = yesNo("self_administered", "Takes it themselves");
  const hold = text("hold_min", "Minutes held in the mouth, if known", { inputmode: "numeric", maxlength: 3 });
  const swallowed = choice("swallowed", "Then", [["yes", "Swallowed"], ["no", "Spat out"]]);
  const lot = text("lot", "Lot on the label, if read", { maxlength: 64 });
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: GIVERS, label: "Gives" });
  const relabel = () => sheet.relabel(`Give ${letter(slot)} ${mg.read() ?? "…"} mg`);
  const ordinal = partner.doses.length + 1;
  sheet.show([bottle, mg, counted, identifiers, own, hold, swallowed, lot, when, signer].map(({ node }) => node), {
    label: `Give ${letter(slot)} ${mg.read() ?? "…"} mg`,
    async run() {
      const mass = mg.need();
      const from = partner.containers.find((/** @type {any} */ each) => each.id === bottle.read());
      if (!from) throw new Error("Say from which container.");
      if (counted.read() === null || own.read() === null) throw new Error("Say whether it was counted, and who hands it to the mouth.");
      if (!identifiers.read().length) throw new Error(`Compare at least one identifier of ${letter(slot)}.`);
      const who = await signer.confirmed();
      const at = when.read();
      const units = decimal(Number(mass.value) / Number(from.strength_mg));
      const route = order?.route ?? "sublingual";
      const label = `${letter(slot)} ${clockTime(at.at, room.zone)} ${ordinal}`;
      const shared = { container: from.id, label, mass, units };
      const prepared = await room.record({
        type: "dose-prepared/1",
        stream: partner.record,
        fields: { ...shared, count_checked: counted.read(), drawn_from_vial: false, lot: lot.read() },
        signers: [room.staffSigns("dose-prepared/1", who)],
        when: at,
        words: `${letter(slot)} ${mass.value} mg prepared`,
      });
      void prepared;
      const held = hold.read();
      await room.record({
        type: "dose-administered/1",
        stream: partner.record,
        fields: {
          ...shared, route, ordinal, order: order && { dig: order.dig, id: order.id }, identifiers: identifiers.read(),
          self_administered: own.read(), hold_min: held === null ? null : Number(held), site: null,
          swallowed: swallowed.read() === null ? null : swallowed.read() === "yes",
        },
        signers: [room.staffSigns("dose-administered/1", who, "performed")],
        when: at,
        words: `${letter(slot)} ${mass.value} mg given`,
      });
      delete room.authorised[slot];
      sheet.close();
    },
  });
}

/** @param {Room} room @param {Slot} slot */
export function offer(room, slot) {
  const type = "dose-offered/1";
  const stage = room.partner(slot).doses.length ? "redose" : "first";
  const sheet = openSheet({ slot, action: "offer", title: `${stage === "redose" ? "Second dose" : "Dose"} offered to ${letter(slot)}` });
  const apart = yesNo("private", "Asked apart from the partner");
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  sheet.show([apart.node, when.node, signer.node], {
    label: `Offered to ${letter(slot)}`,
    async run() {
      if (apart.read() === null) throw new Error("Say whether they were asked apart.");
      const who = await signer.confirmed();
      await room.record({
        type, stream: room.partner(slot).record, fields: { private: apart.read(), stage },
        signers: [room.staffSigns(type, who)], when: when.read(), words: `${letter(slot)} was offered a dose`,
      });
      sheet.close();
    },
  });
}

/** A partner says no, and signs it. @param {Room} room @param {Slot} slot */
export function decline(room, slot) {
  const type = "dose-declined/1";
  const stage = room.partner(slot).doses.length ? "redose" : "first";
  const sheet = openSheet({ slot, action: "decline", title: `${letter(slot)} says no` });
  const apart = yesNo("private", "Said apart from the partner");
  const reason = choice("reason_class", "Reason, only if they want to say", [["withheld", "Not said"], ["unwell", "Unwell"], ["enough", "Enough"], ["changed-mind", "Changed their mind"], ["other", "Other"]]);
  const pressure = yesNo("pressure_concern", "Concern about pressure");
  const after = choice("role_after", "From now on", [["dosing", "Dosed"], ["sober-support", "Sober support"]]);
  const signer = whoSigns({ me: room.me, roles: CARERS, label: "Observes" });
  sheet.show([apart, reason, pressure, after, signer].map(({ node }) => node), {
    label: `Let ${letter(slot)} sign`,
    async run() {
      if (apart.read() === null || !reason.read() || pressure.read() === null || !after.read()) throw new Error("Answer all four.");
      const who = await signer.confirmed();
      const at = { at: Math.floor(serverNow() / 1000) * 1000, precision: /** @type {const} */ ("s") };
      sheet.show(handOver(slot, `No dose\nI do not want ${stage === "redose" ? "a further" : "a"} dose today. I need not say why.`, []), {
        label: `I am ${letter(slot)}, and I say no`,
        async run() {
          await room.record({
            type, stream: room.partner(slot).record,
            fields: { private: apart.read(), reason_class: reason.read(), pressure_concern: pressure.read(), role_after: after.read(), stage },
            signers: [room.partnerSigns(type, slot), room.staffSigns(type, who)],
            when: at, words: `${letter(slot)} declined`,
          });
          sheet.close();
        },
      });
    },
  });
}

/** @param {any} order */
const orderWords = (order) =>
  el("p", { class: "order" }, `Order: ${order.drug} ${order.form}, ${order.route}, ${order.min_mg}–${order.max_mg} mg, ${order.max_redoses} redose${order.redose_after_min ? ` after ${order.redose_after_min} min` : ""}`);

/** @param {string} label @param {string} given @param {() => void} changed */
function mgField(label, given, changed) {
  const field = text("mg", label, { inputmode: "decimal", maxlength: 9, value: given, class: "large" });
  field.node.addEventListener("input", changed);
  return {
    ...field,
    need() {
      const typed = field.read();
      if (!typed || !MG.test(typed) || Number(typed) <= 0) throw new Error("Give the milligrams as a number such as 100.");
      return { unit: "mg", value: typed };
    },
  };
}

/** @param {number} value */
const decimal = (value) => String(Math.round(value * 1000) / 1000);
