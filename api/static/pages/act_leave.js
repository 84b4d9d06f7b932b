/** Leaving: assessed, escort seen, released by the ledger's own gate, gone. Each partner by themselves. */

import { CARERS, escortFields } from "./act_before.js";
import { readings } from "./act_watch.js";
import { el } from "./dom.js";
import { choice, text, whenField, yesNo } from "./fields.js";
import { icon } from "./icons.js";
import { inWords } from "./readings.js";
import { objections } from "./refusal.js";
import { DESTINATIONS, DISPOSITIONS, letter, SCORES, TRAVEL } from "./room_words.js";
import { serverNow } from "./server_time.js";
import { openSheet } from "./sheet.js";
import { age, clockTime, dayAndTime } from "./times.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {"a" | "b"} Slot */

const ALDRETE = [["activity", "Moves"], ["respiration", "Breathes"], ["circulation", "Circulation"], ["consciousness", "Awake"], ["oxygenation", "Oxygen"]];
const CONTACT = "session-ledger-contact";

/** @param {Room} room @param {Slot} slot */
export function assess(room, slot) {
  const items = ALDRETE.map(([name, label]) => /** @type {const} */ ([name, choice(`aldrete-${name}`, `Aldrete · ${label}`, SCORES)]));
  const orientation = choice("orientation", "Oriented to person, place, time, event", ["0", "1", "2", "3", "4"].map((n) => [n, n]));
  const gait = yesNo("gait_steady", "Walks steadily");
  const number = (/** @type {string | null} */ said) => (said === null ? null : Number(said));
  readings(room, slot, {
    action: "assess", title: `Is ${letter(slot)} fit to leave?`, type: "discharge-assessed/1",
    names: ["systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "moaas", "cadss6"],
    verb: "Record", fields: [gait, orientation, ...items.map(([, field]) => field)],
    more() {
      const scores = items.map(([name, field]) => /** @type {const} */ ([name, number(field.read())]));
      const all = scores.every(([, score]) => score !== null);
      return {
        gait_steady: gait.read(), orientation: number(orientation.read()),
        aldrete: all ? scores.reduce((sum, [, score]) => sum + Number(score), 0) : null,
        aldrete_items: all ? Object.fromEntries(scores) : null,
      };
    },
  });
}

/** @param {Room} room @param {Slot} slot */
export function escortSeen(room, slot) {
  const type = "escort-verified/1";
  const sheet = openSheet({ slot, action: "escort", title: `Escort of ${letter(slot)}, seen in person` });
  const escort = escortFields(room, slot);
  const asked = [["identified", "Identified"], ["adult", "An adult"], ["sober", "Sober"], ["instructed", "Knows what to watch for"]].map(
    ([name, label]) => /** @type {const} */ ([name, yesNo(name, label)]),
  );
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  sheet.show([escort.node, ...asked.map(([, field]) => field.node), when.node, signer.node], {
    label: `Escort of ${letter(slot)} seen`,
    async run() {
      const chosen = escort.read();
      if (!chosen) throw new Error("Say who the escort is.");
      if (asked.some(([, field]) => field.read() === null)) throw new Error("Answer each with yes or no.");
      const who = await signer.confirmed();
      await room.record({
        type, stream: room.partner(slot).record,
        fields: { escort: chosen, ...Object.fromEntries(asked.map(([name, field]) => [name, field.read()])) },
        signers: [room.staffSigns(type, who)], when: when.read(), words: `escort of ${letter(slot)} seen`,
      });
      sheet.close();
    },
  });
}

/** When the release of a partner opens, by REL-01; null when it is open or nobody says. @param {Room} room @param {Slot} slot */
export function opensAt(room, slot) {
  const found = room.answer.findings.find((/** @type {any} */ each) => each.rule === "REL-01" && each.slot === slot && each.due);
  return found && Date.parse(found.due) > serverNow() ? found.due : null;
}

/** @param {Room} room @param {Slot} slot */
export function release(room, slot) {
  const type = "release-authorised/1";
  const sheet = openSheet({ slot, action: "release", title: `Release ${letter(slot)}` });
  const until = room.terms.partners[slot].no_drive_from;
  const disposition = choice("disposition", "In whose care", DISPOSITIONS);
  const contact = text("contact", "Number to call for 24 hours", { type: "tel", value: localStorage.getItem(CONTACT) ?? "", maxlength: 31 });
  const signer = whoSigns({ me: room.me, roles: CARERS, pin: true, label: "Releases, by PIN" });
  sheet.show([criteria(room, slot), until && noDrivingText(slot, until, room), disposition.node, contact.node, signer.node], {
    label: `Release ${letter(slot)}`,
    async run() {
      if (!disposition.read()) throw new Error("Say in whose care they leave.");
      if (!contact.read()) throw new Error("Give the number to call.");
      const who = await signer.confirmed();
      localStorage.setItem(CONTACT, contact.read());
      await room.record({
        type, stream: room.partner(slot).record,
        fields: {
          assessment: room.reference(slot, "discharge-assessed/1"), contact: contact.read(), instructions: "v1",
          no_drive_until: room.terms.partners[slot].promised_until ?? room.untilWhen(until ? Date.parse(until) : serverNow()),
          disposition: disposition.read(),
        },
        signers: [room.staffSigns(type, who)], words: `${letter(slot)} released`,
      });
      sheet.close();
    },
  });
}

/** @param {Room} room @param {Slot} slot */
export function departed(room, slot) {
  const type = "participant-departed/1";
  const released = room.reference(slot, "release-authorised/1");
  const sheet = openSheet({ slot, action: "departed", title: `${letter(slot)} has left` });
  const mode = choice("mode", "How", TRAVEL);
  const destination = choice("destination", "To", DESTINATIONS);
  const escort = escortFields(room, slot);
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  const warning = !released && el("p", { class: "warning" }, icon("warning"), `${letter(slot)} was not released. If they are gone, record it all the same.`);
  sheet.show([warning, mode.node, destination.node, escort.node, when.node, signer.node], {
    label: `${letter(slot)} has left`,
    async run() {
      if (!mode.read() || !destination.read()) throw new Error("Say how and to where.");
      const chosen = escort.read();
      const who = await signer.confirmed();
      await room.record({
        type, stream: room.partner(slot).record,
        fields: { release: released, mode: mode.read(), destination: destination.read(), escort: chosen },
        signers: [room.staffSigns(type, who)], when: when.read(), words: `${letter(slot)} left`,
      });
      sheet.close();
    },
  });
}

/** What speaks for and against, in words with values. @param {Room} room @param {Slot} slot */
function criteria(room, slot) {
  const partner = room.partner(slot);
  const zone = room.zone;
  const dose = partner.doses.at(-1);
  const opens = opensAt(room, slot);
  const read = Object.entries(room.terms.partners[slot].values).map(([name, { value }]) => [name, value]);
  const values = Object.fromEntries(read.flatMap(([name, value]) => (name === "blood_pressure" ? Object.entries(value) : [[name, value]])));
  const line = (/** @type {boolean} */ ok, /** @type {string} */ what, /** @type {string} */ value) =>
    el("li", { "data-ok": String(ok) }, icon(ok ? "check" : "clock"), el("strong", {}, `${ok ? "There" : "Missing"}: ${what}`), ` ${value}`);
  const done = (/** @type {string} */ type) => room.last(slot, type);
  const assessed = done("discharge-assessed/1");
  const promised = done("no-driving-release-signed/1");
  const seen = done("escort-verified/1");
  return el(
    "div",
    { class: "criteria" },
    el(
      "ul",
      {},
      dose && line(!opens, "time since the last dose", opens ? `· opens ${clockTime(opens, zone)}` : `· ${age(serverNow() - Date.parse(dose.at)).replace(" ago", "")} since ${clockTime(dose.at, zone)}`),
      line(Boolean(assessed), "assessment", assessed ? `· ${clockTime(assessed.at, zone)} · ${inWords(values)}` : ""),
      line(Boolean(promised), `${letter(slot)}'s own promise not to drive`, promised ? `· ${clockTime(promised.at, zone)}` : ""),
      line(Boolean(seen), "escort seen", seen ? `· ${clockTime(seen.at, zone)}` : "· not needed when staying here"),
    ),
    partner.release.objections.length > 0 && el("p", {}, "For going home with an escort, the rules would say now:"),
    partner.release.objections.length > 0 && objections(partner.release.objections),
  );
}

/** @param {Slot} slot @param {string} until @param {Room} room */
const noDrivingText = (slot, until, room) =>
  el("p", { class: "no-driving" }, icon("warning"), `${letter(slot)} does not drive or use heavy machinery until `, el("strong", {}, dayAndTime(until, room.zone)), ".");
