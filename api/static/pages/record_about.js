/** What an event is about, and when it happened: the record it stands on, chosen by code, or begun here. */

import { el } from "./dom.js";
import { chosen, fresh } from "./record_leaves.js";
import { recordChooser } from "./record_choosers.js";
import { serverNow } from "./server_time.js";
import { fromLocal } from "./times.js";

/** @import {Context, Input} from "./record_leaves.js" */
/** @import {Described} from "./record_form.js" */

const CALLED = /** @type {Record<string, string>} */ ({
  person: "Participant", couple: "Couple", staff: "Member of staff", location: "Place", protocol: "Protocol or form", stock: "Container", session: "Session", partner: "Session", governance: "Record",
});
const NEW = /** @type {Record<string, string>} */ ({
  person: "A new participant", couple: "A new couple", staff: "A new member of staff", location: "A new place", protocol: "A new protocol or form", stock: "A new container", session: "A new session", governance: "A new record of its own",
});
const KINDS = ["person", "couple", "staff", "location", "protocol", "stock", "session"];

/**
 * @param {Described} described @param {Context} context @param {{changed: () => void, ofEntry: () => string | null}} how
 *   `ofEntry`: the record of the entry that the event names, where that alone says which it is
 */
export function aboutField(described, context, { changed, ofEntry }) {
  const kind = described.shape.stream;
  const made = kind === "governance" || KINDS.includes(kind) ? `${kind}/${crypto.randomUUID()}` : "";
  const told = { ...context, changed: () => (show(), changed()) };
  const which = described.creates === "maybe" && kind !== "governance" ? chosen({ kind: "choice" }, "record?", "Which", told, [["new", NEW[kind]], ["known", "One that is there"]]) : null;
  const known = kind === "governance" ? null : recordChooser({ kind: "record", of: kind === "partner" ? "session" : kind }, "record", CALLED[kind] ?? "Record", told);
  const slot = kind === "partner" ? chosen({ kind: "choice" }, "record-slot", "Partner", told, [["a", "A"], ["b", "B"]]) : null;
  const isNew = () => described.creates === "always" || (described.creates === "maybe" && (kind === "governance" || which?.read(quiet) === "new"));
  const begins = el("p", { class: "begins" }, `${NEW[kind] ?? "A new record"} begins with this; its number is made here.`);
  const node = el("section", { class: "about", "aria-label": "What it is about" }, which?.node, known?.node, slot?.node, begins);
  show();

  function show() {
    begins.toggleAttribute("hidden", !isNew());
    known?.node.toggleAttribute("hidden", isNew() || (which !== null && which.isEmpty()));
  }

  /** @returns {string | null} */
  function record(into = quiet) {
    which?.read(into);
    if (isNew()) return made;
    if (kind === "governance") return ofEntry();
    const name = known?.read(into) ?? null;
    const side = slot?.read(into) ?? "";
    return name && slot ? (side ? `${name}/${side}` : null) : name;
  }

  return {
    node,
    record,
    isNew,
    /** @param {string} name */
    take(name) {
      const [of, uuid, side] = name.split("/");
      if (which && !isNew()) which.write("known");
      known?.write(`${of}/${uuid}`);
      if (side) slot?.write(side);
      show();
    },
    /** @param {string} slotName */
    takeSlot: (slotName) => slot?.write(slotName),
  };
}

const quiet = { bad: () => {} };

/**
 * Which record the address is about, where it names none: by session and letter, couple and letter, or what it says.
 *
 * @param {string} kind @param {URLSearchParams} given @param {Record<string, any[]>} known
 */
export function recordGiven(kind, given, known) {
  const found = (/** @type {string} */ of, /** @type {string | null} */ text) =>
    (text && (known[of] ?? []).find(({ id, code }) => [id, id.split("/")[1], code].includes(text.split("/").slice(0, 2).join("/")))) || null;
  const slot = given.get("slot") ?? given.get("session")?.split("/")[2] ?? "";
  const stated = given.get("record");
  if (stated) return /^[a-z]+\/[0-9a-f-]{36}(\/[ab])?$/.test(stated) ? stated : (found(kind, stated)?.id ?? null);
  const session = found("session", given.get("session"));
  const couple = found("couple", given.get("couple")) ?? found("couple", session?.couple ?? null);
  switch (kind) {
    case "person":
      return found("person", given.get("participant") ?? given.get("person"))?.id ?? session?.[slot] ?? couple?.[slot] ?? null;
    case "partner":
      return session && /^[ab]$/.test(slot) ? `${session.id}/${slot}` : (session?.id ?? null);
    case "couple":
      return couple?.id ?? null;
    case "stock":
      return found("stock", given.get("container"))?.id ?? null;
    default:
      return found(kind, given.get(kind))?.id ?? null;
  }
}

/** When it happened: now, or at a time of the place. @param {Context} context */
export function whenField(context) {
  const id = fresh();
  const input = /** @type {HTMLInputElement} */ (el("input", { type: "datetime-local", id, "data-path": "occurred.at", "aria-describedby": `${id}-zone` }));
  const zone = el("p", { class: "note", id: `${id}-zone` });
  const about = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id: `${id}-about`, "data-path": "occurred.about" }));
  const told = { ...context, changed: () => show() };
  const when = chosen({ kind: "choice" }, "occurred", "When it happened", told, [["now", "Now"], ["earlier", "At another time"]]);
  when.write("now");
  const other = el("div", { class: "field" }, el("label", { for: id }, "Date and time"), input, zone, el("p", { class: "tick" }, about, el("label", { for: `${id}-about` }, "about then")));
  const node = el("section", { class: "about", "aria-label": "When it happened" }, when.node, other);
  function show() {
    other.toggleAttribute("hidden", when.read(quiet) !== "earlier");
    zone.textContent = `as the clock shows it in ${context.zone()}`;
  }
  show();
  return {
    node,
    show,
    /** @returns {import("./recording.js").When | null} null when no time was entered */
    read() {
      if (when.read(quiet) !== "earlier") return { at: Math.floor(serverNow() / 1000) * 1000, precision: "s" };
      if (!input.value) return (when.fail?.("Say the date and the time."), null);
      when.fail?.("");
      return { at: fromLocal(input.value.slice(0, 16), context.zone()), precision: about.checked ? "approx" : "min" };
    },
  };
}
