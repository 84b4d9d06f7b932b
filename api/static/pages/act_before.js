/** Before a dose: arrival, and what the partner signs about getting home. */

import { choice, pastTime, text, whenField, yesNo } from "./fields.js";
import { handOver, signedText } from "./own_signature.js";
import { DESTINATIONS, IDENTIFIERS, letter, TRAVEL, wordOf } from "./room_words.js";
import { toInstant } from "./server_time.js";
import { openSheet } from "./sheet.js";
import { dayAndTime } from "./times.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {"a" | "b"} Slot */

export const CARERS = ["nurse", "prescriber", "therapist"];
const TAKEN = ["sedatives", "stimulants", "maoi", "opioids", "alcohol", "cannabis"];

/** @param {Room} room @param {Slot} slot */
export function checkIn(room, slot) {
  const type = "participant-checked-in/1";
  const sheet = openSheet({ slot, action: "check-in", title: `Check-in of ${letter(slot)}` });
  const arrived = choice("arrived", "Came by", [["own-vehicle", "Own car"], ["driven", "Driven"], ["shuttle", "Shuttle"], ["onsite-lodging", "Stayed here"], ["public-transport", "Public transport"], ["on-foot", "On foot"], ["other", "Other"]]);
  const identifiers = choice("identifiers", "Compared", IDENTIFIERS, { many: true });
  const food = pastTime("last_food", "Last food at", room.zone);
  const fluid = pastTime("last_fluid", "Last drink at", room.zone);
  const taken = Object.fromEntries(TAKEN.map((name) => [name, yesNo(`taken-${name}`, `${name === "maoi" ? "MAOI" : name[0].toUpperCase() + name.slice(1)} in 24 h`)]));
  const suicidality = choice("suicidality", "Thoughts of suicide", [["none", "None"], ["passive", "Passive"], ["active", "Active"], ["declined-to-answer", "No answer"]]);
  const pregnancy = choice("pregnancy", "Pregnancy, where it applies", [["not-pregnant", "Not pregnant"], ["pregnant", "Pregnant"], ["unknown", "Unknown"], ["declined", "No answer"]]);
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  const instant = (/** @type {number | null} */ at) => (at === null ? null : toInstant(at));
  sheet.show(
    [arrived, identifiers, food, fluid, ...Object.values(taken), suicidality, pregnancy, when, signer].map(({ node }) => node),
    {
      label: `Check ${letter(slot)} in`,
      async run() {
        if (!arrived.read()) throw new Error("Say how they came.");
        const status = pregnancy.read();
        const who = await signer.confirmed();
        await room.record({
          type,
          stream: room.partner(slot).record,
          fields: {
            arrived: arrived.read(), identifiers: identifiers.read(), last_food: instant(food.read()), last_fluid: instant(fluid.read()),
            taken_lately: Object.fromEntries(TAKEN.map((name) => [name, taken[name].read()])),
            medicines: Object.values(taken).every((each) => each.read() === false) ? [] : null,
            suicidality: suicidality.read(), pregnancy: status && { basis: "asked", status },
          },
          signers: [room.staffSigns(type, who)],
          when: when.read(),
          words: `${letter(slot)} checked in`,
        });
        sheet.close();
      },
    },
  );
}

/** @param {Room} room @param {Slot} slot */
export function wayHome(room, slot) {
  const sheet = openSheet({ slot, action: "way-home", title: `Way home of ${letter(slot)}` });
  const mode = choice("mode", "How", TRAVEL);
  const destination = choice("destination", "To", DESTINATIONS);
  const understands = yesNo("understands_until", `${letter(slot)} can say until when they will not drive`);
  const escort = escortFields(room, slot);
  const signer = whoSigns({ me: room.me, roles: CARERS, label: "Witness" });
  sheet.show([mode, destination, understands, escort, signer].map(({ node }) => node), {
    label: `Let ${letter(slot)} read and sign`,
    async run() {
      if (!mode.read() || !destination.read() || understands.read() === null) throw new Error("Say how, to where, and whether they understood.");
      const chosen = escort.read();
      const who = await signer.confirmed();
      await ownStep(room, slot, sheet, {
        type: "transport-plan-signed/1", text: "transport-v1", who, word: "plan the way home",
        fields: { mode: mode.read(), destination: destination.read(), understands_until: understands.read(), escort: chosen },
        answers: [["How", wordOf(TRAVEL, mode.read())], ["To", wordOf(DESTINATIONS, destination.read())], ["With", chosen ? escort.words() : "nobody"]],
      });
    },
  });
}

/** @param {Room} room @param {Slot} slot */
export function noDriving(room, slot) {
  const sheet = openSheet({ slot, action: "no-driving", title: `${letter(slot)} will not drive` });
  const understood = yesNo("understood", `${letter(slot)} has understood`);
  const signer = whoSigns({ me: room.me, roles: CARERS, label: "Witness" });
  sheet.show([understood.node, signer.node], {
    label: `Let ${letter(slot)} read and sign`,
    async run() {
      if (understood.read() === null) throw new Error("Say whether they have understood.");
      const who = await signer.confirmed();
      await ownStep(room, slot, sheet, {
        type: "no-driving-acknowledged/1", text: "no-driving-v1", who, word: "will not drive",
        fields: { version: "v1", understood: understood.read() },
        answers: [["Until", "the time I am given in writing before I leave"]],
      });
    },
  });
}

/** After the last dose, with the time from which on they may drive again. @param {Room} room @param {Slot} slot */
export function noDrivingAgain(room, slot) {
  const from = room.terms.partners[slot].no_drive_from;
  const at = from ? Date.parse(from) : null;
  const sheet = openSheet({ slot, action: "no-driving-again", title: `${letter(slot)} does not drive until…` });
  const teachBack = yesNo("teach_back", `${letter(slot)} said it in their own words`);
  const keys = yesNo("keys_secured", "Car keys are in the safe");
  const vehicle = yesNo("vehicle_on_site", "Their vehicle is here");
  const escort = escortFields(room, slot);
  const signer = whoSigns({ me: room.me, roles: CARERS, label: "Witness" });
  sheet.show([teachBack, keys, vehicle, escort, signer].map(({ node }) => node), {
    label: `Let ${letter(slot)} read and sign`,
    async run() {
      if (at === null) throw new Error(`${letter(slot)} was not dosed: there is no time to name.`);
      if ([teachBack, keys, vehicle].some((each) => each.read() === null)) throw new Error("Answer all three with yes or no.");
      const until = room.untilWhen(at);
      const chosen = escort.read();
      const who = await signer.confirmed();
      await ownStep(room, slot, sheet, {
        type: "no-driving-release-signed/1", text: "no-driving-v1", who, word: "does not drive",
        fields: { instructions: "v1", no_drive_until: until, teach_back: teachBack.read(), keys_secured: keys.read(), vehicle_on_site: vehicle.read(), escort: chosen },
        answers: [["Not before", dayAndTime(at, room.zone)], ["With me", chosen ? escort.words() : "nobody"]],
      });
    },
  });
}

/**
 * The partner reads and signs with their own key; whoever handed the tablet over witnesses.
 *
 * @param {Room} room @param {Slot} slot @param {ReturnType<typeof openSheet>} sheet
 * @param {{type: string, text: string, who: any, word: string, fields: Record<string, any>, answers: [string, string][]}} what
 */
export async function ownStep(room, slot, sheet, what) {
  const { words, hash } = await signedText(what.text);
  const when = { at: Math.floor(Date.parse(room.nowText()) / 1000) * 1000, precision: /** @type {const} */ ("s") };
  sheet.show(handOver(slot, words, what.answers), {
    label: `I am ${letter(slot)}, and I sign`,
    async run() {
      await room.record({
        type: what.type,
        stream: room.partner(slot).record,
        fields: { ...what.fields, text: hash },
        signers: [room.partnerSigns(what.type, slot), room.staffSigns(what.type, what.who)],
        when,
        words: `${letter(slot)} ${what.word}`,
      });
      sheet.close();
    },
  });
}

/** Who takes them home: nobody, the other partner, one of the staff, or somebody by name. @param {Room} room @param {Slot} slot */
export function escortFields(room, slot) {
  const other = slot === "a" ? "b" : "a";
  const kind = choice("escort", "Who goes with them", [["none", "Nobody"], ["named", "Somebody by name"], ["partner", `Their partner ${letter(other)}`], ["staff", "Staff driver"]]);
  const name = text("escort_name", "Name", { maxlength: 200 });
  const relationship = choice("escort_relationship", "Who is", [["family", "Family"], ["friend", "Friend"], ["hired", "Hired"], ["other", "Other"]]);
  const box = document.createElement("div");
  const details = document.createElement("div");
  details.append(name.node, relationship.node);
  details.hidden = true;
  kind.node.addEventListener("change", () => (details.hidden = kind.read() !== "named" && kind.read() !== "staff"));
  box.append(kind.node, details);
  return {
    node: box,
    /** @returns {object | null} */
    read() {
      const blank = { name: null, person: null, phone: null, staff: null };
      if (kind.read() === "partner") return { ...blank, person: room.terms.partners[other].person, relationship: "partner" };
      if (kind.read() === "staff") return { ...blank, name: name.read() ?? "staff driver", relationship: "staff" };
      if (kind.read() !== "named") return null;
      if (!name.read()) throw new Error("Give the escort's name.");
      return { ...blank, name: name.read(), relationship: relationship.read() ?? "other" };
    },
    words: () => (kind.read() === "partner" ? `partner ${letter(other)}` : (name.read() ?? "staff driver")),
  };
}
