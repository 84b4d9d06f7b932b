/**
 * The payload: what a person signs about one event (format v1, sections 1 and 3).
 *
 * Its text is made once: the same bytes are signed and sent. The patterns of names and ids are the ledger's to check.
 */

import { canonical } from "./canonical.js";
import { fromInstant } from "./instant.js";
import { Invalid } from "./invalid.js";

/** @import {Members} from "./shape.js" */
/** @typedef {{by: string, key: string, meaning: string, role: string}} Attestation */
/** @typedef {{id: string, prev: string | null, seq: number}} DeviceLink */
/** @typedef {{at: string, offset: number, precision: "s" | "min" | "approx", zone: string}} Occurred */
/** @typedef {{root: string, size: number}} Seen the newest checkpoint the device knew */
/** @typedef {{ledger: string, type: string, stream: string, occurred: Occurred, recorded_at: string}} Claim */
/** @typedef {{attested: Attestation[], blocks: string[], body: Members, id: string}} Content */
/** @typedef {Claim & Content & {device: DeviceLink | null, seen: Seen}} Payload */

const MEMBERS = "attested,blocks,body,device,id,ledger,occurred,recorded_at,seen,stream,type";
const MAX_BYTES = 16384;

/** What a device without a checkpoint has seen. */
export const NOTHING_SEEN = { root: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", size: 0 };

/** The text of a payload. @param {Payload} payload */
export function composePayload(payload) {
  const { attested, blocks, occurred, recorded_at, seen } = payload;
  if (Object.keys(payload).sort().join() !== MEMBERS) throw wrong(`Exactly these members: ${MEMBERS}.`, "");
  if (!attested.length || attested.length > 8) throw wrong("One to eight people sign.", "attested");
  if (repeats(attested.map(({ by }) => by))) throw wrong("One person signs one event once.", "attested");
  if (repeats(attested.map(({ key }) => key))) throw wrong("Two people never share a key.", "attested");
  if (repeats(blocks) || [...blocks].sort().join() !== blocks.join()) throw wrong("Digests ascend.", "blocks");
  if (seen.size === 0 && seen.root !== NOTHING_SEEN.root) throw wrong("Not the root of nothing.", "seen.root");
  fromInstant(occurred.at, "occurred.at");
  fromInstant(recorded_at, "recorded_at");
  const text = canonical(/** @type {any} */ (payload));
  if (text.length > MAX_BYTES) throw new Invalid("payload-size", "This is too long; write less.");
  return text;
}

/** @param {string[]} values */
const repeats = (values) => new Set(values).size < values.length;

/** @param {string} message @param {string} field */
const wrong = (message, field) => new Invalid("payload-format", message, field);
