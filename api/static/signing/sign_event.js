/**
 * From fields to a signed event: the one thing a page calls.
 *
 * Keep envelope and blocks until a receipt has been checked. After a failed send, send *the same* again: it is
 * recorded once, and a block whose text is lost can never be made again.
 */

import { makeBlock } from "./block.js";
import { assemble, contentDigest, pae } from "./envelope.js";
import { eventId } from "./event_id.js";
import { fromInstant } from "./instant.js";
import { Invalid } from "./invalid.js";
import { sign } from "./keys.js";
import { composePayload, NOTHING_SEEN } from "./payload.js";
import { takeApart } from "./shape.js";

/** @import {Attestation, Claim, DeviceLink, Seen} from "./payload.js" */
/** @import {Members, Place} from "./shape.js" */
/** @typedef {{shape: Place[], fields: Members, seen?: Seen, device?: DeviceLink | null}} Given */
/** @typedef {{id?: string, newSalt?: (block: string) => Uint8Array}} Random stated by tests only */
/** @typedef {Claim & Given & Random} Draft */
/** @typedef {{key: import("./keys.js").TabletKey, role: string, meaning: string}} Signer */

/** The event, signed by each of `signers` in this order. @param {Draft & {signers: Signer[]}} event */
export async function signEvent({ signers, ...draft }) {
  if (signers.some(({ key }) => key.ledger !== draft.ledger)) {
    throw new Invalid("other-ledger", "This key was made for another ledger.", "ledger");
  }
  const attested = signers.map(({ key, role, meaning }) => ({ by: key.owner, key: key.kid, meaning, role }));
  const { payload, ...composed } = await composeEvent({ ...draft, attested });
  const signatures = await Promise.all(signers.map(({ key }) => sign(key, pae(payload))));
  return { envelope: assemble(payload, signatures), ...composed };
}

/** The event, not yet signed. @param {Draft & {attested: Attestation[]}} draft */
export async function composeEvent({ shape, fields, newSalt, seen = NOTHING_SEEN, device = null, ...members }) {
  const { body, sealed } = takeApart(shape, members.stream, structuredClone(fields));
  const names = Object.keys(sealed).sort();
  const blocks = await Promise.all(names.map((name) => makeBlock(name, sealed[name], newSalt?.(name))));
  const id = members.id ?? eventId(Number(fromInstant(members.recorded_at, "recorded_at") / 1000n));
  const digests = blocks.map(({ digest }) => digest).sort();
  const payload = composePayload({ ...members, seen, device, id, body, blocks: digests });
  return { payload, blocks: blocks.map(({ text }) => text), dig: await contentDigest(payload), id };
}
