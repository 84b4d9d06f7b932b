/** What concerns both partners: opening, who watches, handing over, the phase, closing. */

import { CARERS } from "./act_before.js";
import { el } from "./dom.js";
import { choice, text, whenField, yesNo } from "./fields.js";
import { keyOf, signersHere, codeOf } from "./keyring.js";
import { PHASES } from "./room_words.js";
import { openSheet } from "./sheet.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */

const BOTH = /** @type {[string, string][]} */ ([["a", "A"], ["b", "B"]]);
const ROLES = /** @type {[string, string][]} */ ([["dosing", "Dosed"], ["sober-support", "Sober support"], ["absent", "Not here"]]);

/** @param {Room} room */
export function open(room) {
  const type = "session-opened/1";
  const { planned, protocols } = room.terms;
  const sheet = openSheet({ slot: null, action: "open", title: `Open the session of ${room.session.couple_code}` });
  const newest = protocols.at(-1);
  const protocol = choice("protocol", "Protocol", protocols.map((/** @type {any} */ each) => [each.dig, `${each.name} ${each.version}`]), { chosen: protocols.length === 1 ? newest.dig : undefined });
  const presence = choice("presence", "The prescriber is", [["on-site", "On site"], ["reachable", "Reachable"]]);
  const prescribers = (planned?.staff ?? []).filter((/** @type {any} */ each) => each.role === "prescriber");
  const roles = { a: choice("role_a", "A", ROLES), b: choice("role_b", "B", ROLES) };
  const name = text("room", "Room, where several share a place", { maxlength: 64 });
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  const staff = (planned?.staff ?? []).map((/** @type {any} */ each) => `${codeOf(each.staff)} (${each.role})`).join(", ");
  sheet.show([el("p", {}, `On duty as planned: ${staff || "nobody"}.`), protocol.node, presence.node, roles.a.node, roles.b.node, name.node, when.node, signer.node], {
    label: "Open the session",
    async run() {
      const chosen = protocols.find((/** @type {any} */ each) => each.dig === protocol.read());
      if (!chosen || !presence.read() || !roles.a.read() || !roles.b.read()) throw new Error("Say the protocol, where the prescriber is, and what A and B came for.");
      const who = await signer.confirmed();
      const part = (/** @type {string} */ role) => (role === "absent" ? null : role);
      await room.record({
        type, stream: room.stream,
        fields: {
          location: planned.location, mode: planned.mode, prescriber: prescribers[0]?.staff ?? null, presence: presence.read(),
          protocol: { dig: chosen.dig, id: chosen.id }, room: name.read(), staff: planned.staff,
          role_a: part(roles.a.read()), role_b: part(roles.b.read()),
        },
        signers: [room.staffSigns(type, who)], when: when.read(), words: "session opened",
      });
      sheet.close();
    },
  });
}

/** @param {Room} room */
export function watch(room) {
  const type = "monitor-assigned/1";
  const sheet = openSheet({ slot: null, action: "watch", title: "Who watches" });
  const covers = choice("covers", "Watches", BOTH, { many: true, chosen: ["a", "b"] });
  const here = yesNo("in_person", "In the room, in person");
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS, label: "Takes over and signs" });
  sheet.show([covers.node, here.node, when.node, signer.node], {
    label: "Begin to watch",
    async run() {
      if (!covers.read().length || here.read() === null) throw new Error("Say whom, and whether in person.");
      const who = await signer.confirmed();
      await room.record({
        type, stream: room.stream,
        fields: { covers: covers.read(), in_person: here.read(), monitor: who.owner },
        signers: [room.staffSigns(type, who)], when: when.read(), words: `${who.code} watches ${both(covers.read())}`,
      });
      sheet.close();
    },
  });
}

/** Both sign: whoever gives over, and whoever takes over with their own PIN. @param {Room} room */
export function handOver(room) {
  const type = "monitor-handover/1";
  const sheet = openSheet({ slot: null, action: "hand-over", title: "Hand over" });
  const covers = choice("covers", "Hands over", BOTH, { many: true, chosen: ["a", "b"] });
  const monitors = [...new Set(["a", "b"].flatMap((slot) => room.partner(/** @type {"a"} */ (slot)).monitors.map((/** @type {any} */ each) => each.id)))];
  const watching = signersHere(CARERS).filter(({ owner }) => monitors.includes(owner)).map(({ owner }) => owner);
  const outgoingOwner = watching.includes(room.me.owner) ? room.me.owner : (watching[0] ?? room.me.owner);
  const outgoing = whoOf(outgoingOwner);
  const needsPin = outgoingOwner !== room.me.owner;
  const out = needsPin ? whoSigns({ me: room.me, roles: CARERS, label: "Gives over, by PIN", only: [outgoingOwner] }) : null;
  const incoming = whoSigns({ me: room.me, roles: CARERS, pin: true, label: "Takes over, by PIN", not: [outgoingOwner] });
  out?.node.setAttribute("data-side", "outgoing");
  incoming.node.setAttribute("data-side", "incoming");
  const when = whenField(room.zone);
  const words = el("p", {}, `${outgoing?.code ?? "Nobody"} gives over. On board: A ${room.partner("a").total_mg} mg, B ${room.partner("b").total_mg} mg.`);
  sheet.show([words, covers.node, out?.node, incoming.node, when.node], {
    label: "Hand over",
    async run() {
      if (!covers.read().length) throw new Error("Say whom.");
      const from = out ? await out.confirmed() : outgoing;
      if (!from || !keyOf(from.owner)) throw new Error("The key of whoever gives over is not on this tablet.");
      const to = await incoming.confirmed();
      const side = (/** @type {"a" | "b"} */ slot) => covers.read().includes(slot);
      const mass = (/** @type {"a" | "b"} */ slot) => (side(slot) && Number(room.partner(slot).total_mg) > 0 ? { unit: "mg", value: room.partner(slot).total_mg } : null);
      const check = (/** @type {"a" | "b"} */ slot) => (side(slot) ? room.reference(slot, "supervision-checked/1") : null);
      await room.record({
        type, stream: room.stream,
        fields: {
          covers: covers.read(), in_person: true, incoming: to.owner, outgoing: from.owner,
          last_check_a: check("a"), last_check_b: check("b"), on_board_a: mass("a"), on_board_b: mass("b"),
        },
        signers: [room.staffSigns(type, from, "relinquished"), room.staffSigns(type, to, "received")],
        when: when.read(), words: `${from.code} gave ${both(covers.read())} over to ${to.code}`,
      });
      sheet.close();
    },
  });
}

/** @param {Room} room */
export function phase(room) {
  const type = "session-phase-changed/1";
  const sheet = openSheet({ slot: null, action: "phase", title: "Phase" });
  const covers = choice("covers", "For", BOTH, { many: true, chosen: ["a", "b"] });
  const next = choice("phase", "Now begins", Object.entries(PHASES));
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: CARERS });
  sheet.show([next.node, covers.node, when.node, signer.node], {
    label: "Change the phase",
    async run() {
      if (!next.read() || !covers.read().length) throw new Error("Say which phase, and for whom.");
      const who = await signer.confirmed();
      await room.record({
        type, stream: room.stream, fields: { covers: covers.read(), phase: next.read() },
        signers: [room.staffSigns(type, who)], when: when.read(), words: `${both(covers.read())}: ${PHASES[/** @type {"peak"} */ (next.read())]}`,
      });
      sheet.close();
    },
  });
}

/** @param {Room} room */
export function close(room) {
  const type = "session-closed/1";
  const sheet = openSheet({ slot: null, action: "close-session", title: "Close the session" });
  const balanced = yesNo("stock_balanced", "Stock counted, and it balances");
  const ENDS = /** @type {[string, string][]} */ ([["departed", "Departed"], ["transferred", "Transferred"], ["left-against-advice", "Left against advice"], ["no-show", "Did not come"]]);
  const ended = { a: choice("ended_a", "A", ENDS), b: choice("ended_b", "B", ENDS) };
  const booked = { a: yesNo("follow_up_booked_a", "Follow-up of A booked"), b: yesNo("follow_up_booked_b", "Follow-up of B booked") };
  const open_ = room.answer.findings.filter((/** @type {any} */ each) => each.verdict === "breached");
  const when = whenField(room.zone);
  const signer = whoSigns({ me: room.me, roles: ["nurse", "prescriber"] });
  const therapists = signersHere(["therapist"]);
  const second = therapists.length ? whoSigns({ me: room.me, roles: ["therapist"], label: "Therapist reviews too, by PIN" }) : null;
  second?.node.setAttribute("data-side", "therapist");
  const withSecond = second && yesNo("therapist_signs", "The therapist signs now");
  sheet.show([findingsSeen(open_), balanced.node, ended.a.node, booked.a.node, ended.b.node, booked.b.node, when.node, signer.node, withSecond?.node, second?.node], {
    label: "Close the session",
    async run() {
      if (balanced.read() === null || !ended.a.read() || !ended.b.read()) throw new Error("Say whether the stock balances and how A and B left.");
      const who = await signer.confirmed();
      const signers = [room.staffSigns(type, who)];
      if (second && withSecond?.read()) signers.push(room.staffSigns(type, await second.confirmed(), "reviewed"));
      const of = (/** @type {string} */ slot) => [...new Set(open_.filter((/** @type {any} */ each) => each.slot === slot).map((/** @type {any} */ each) => each.rule))];
      await room.record({
        type, stream: room.stream,
        fields: {
          stock_balanced: balanced.read(), ended_a: ended.a.read(), ended_b: ended.b.read(),
          follow_up_booked_a: booked.a.read(), follow_up_booked_b: booked.b.read(), findings_a: of("a"), findings_b: of("b"),
        },
        signers, when: when.read(), words: "session closed",
      });
      sheet.close();
    },
  });
}

/** @param {any[]} open */
const findingsSeen = (open) =>
  open.length ? el("ul", { class: "objections" }, open.map(({ rule, version, sentence }) => el("li", {}, el("strong", {}, `${rule} v${version}: `), sentence))) : el("p", {}, "No rule has an open finding.");

/** @param {string} owner */
const whoOf = (owner) => signersHere([]).find((each) => each.owner === owner);

/** @param {string[]} slots */
const both = (slots) => slots.map((slot) => slot.toUpperCase()).join(" and ");
