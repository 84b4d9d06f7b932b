/** From what somebody entered to a signed event on its way: the one path of every tap. */

import { occurredAt } from "../signing/instant.js";
import { signEvent } from "../signing/sign_event.js";
import { keyOf, shapeOf } from "./keyring.js";
import { keepNext } from "./outbox.js";
import { pin } from "./pinned.js";
import { seen, send } from "./sending.js";
import { correction, instantNow, serverNow, toInstant } from "./server_time.js";

/** @typedef {{owner: string, meaning: string, role: string}} Signature */
/** @typedef {{at: number, precision: "s" | "min" | "approx"}} When */
/**
 * @typedef {object} Act
 * @property {string} type
 * @property {string} stream
 * @property {Record<string, any>} fields those that are not null
 * @property {Signature[]} signers
 * @property {When} [when] now, to the second, unless somebody said otherwise
 * @property {string} words what the bar and the list of waiting events call it
 */

/** Fields that are lists: empty, not null, when nothing was entered. */
const LISTS = new Set([
  "not_obtained", "conditions", "concerns_a", "concerns_b", "sbar_a", "sbar_b",
  "adverse_events_a", "adverse_events_b", "findings_a", "findings_b",
]);

/**
 * The fields of a type on this record: one that may stand on any record has some for one person, some for each partner.
 *
 * @param {{stream: string, fields: {field: string, privacy: string, slot: "a" | "b" | null, name: string}[]}} shape @param {string} stream
 */
export function fieldsOn(shape, stream) {
  if (shape.stream !== "any") return shape.fields;
  const [kind, , slot] = stream.split("/");
  const isOne = Boolean(slot) || ["person", "staff", "stock"].includes(kind);
  const isBoth = !slot && ["session", "couple"].includes(kind);
  return shape.fields.filter((each) => each.privacy === "open" || (each.slot ? isBoth : isOne));
}

/** Sign and send one event; null when it waits for the network. @param {Act} act @param {string} zone */
export async function record(act, zone) {
  const trusted = pin();
  if (!trusted) throw new Error("This tablet has pinned no ledger.");
  const signers = act.signers.map(({ owner, meaning, role }) => {
    const key = keyOf(owner);
    if (!key) throw new Error("A key that should sign this is not on this tablet.");
    return { key, meaning, role };
  });
  const shape = fieldsOn(shapeOf(act.type), act.stream);
  const blank = shape.map((/** @type {{field: string}} */ { field }) => [field, LISTS.has(field) ? [] : null]);
  const when = act.when ?? { at: Math.floor(serverNow() / 1000) * 1000, precision: "s" };
  const draft = {
    ledger: trusted.origin,
    type: act.type,
    stream: act.stream,
    shape,
    fields: { ...Object.fromEntries(blank), ...act.fields },
    occurred: occurredAt(toInstant(when.at), zone, when.precision),
    recorded_at: instantNow(),
    seen: seen(),
    signers,
  };
  const stamped = { kept: Date.now(), correction: correction() };
  const n = await keepNext(trusted.origin, async (device) => {
    const { envelope, blocks, dig, id } = await signEvent({ ...draft, device });
    return { envelope, blocks, dig, id, ledger: trusted.origin, type: act.type, stream: act.stream, words: act.words, ...stamped };
  });
  return send(n);
}
