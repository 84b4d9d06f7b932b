/** The envelope: the payload with its signatures, byte for byte what the ledger keeps (DSSE; format v1, section 4). */

import { toBase64 } from "./base64.js";
import { concat, utf8 } from "./bytes.js";
import { canonical, parseCanonical } from "./canonical.js";
import { sha256Hex } from "./crypto.js";
import { Invalid } from "./invalid.js";

const TYPE = "application/vnd.session-ledger.event.v1+json";

/** The exact bytes that are signed: DSSE's pre-authentication encoding. @param {string} payload */
export function pae(payload) {
  const bytes = utf8(payload);
  return concat(utf8(`DSSEv1 ${TYPE.length} ${TYPE} ${bytes.length} `), bytes);
}

/** The dig, in hex: the one name of an event's content. @param {string} payload */
export const contentDigest = (payload) => sha256Hex(pae(payload));

/** The env of an envelope, in hex: how the log's entry calls it. @param {string} envelope */
export const envelopeDigest = (envelope) => sha256Hex(utf8(envelope));

/** The text of an envelope. @param {string} payload @param {Uint8Array[]} signatures in the order of `attested` */
export function assemble(payload, signatures) {
  const bytes = utf8(payload);
  const { attested } = parseCanonical(bytes);
  if (attested.length !== signatures.length) {
    throw new Invalid("signatures-attested", "Each attestation has one signature.", "signatures");
  }
  const lines = signatures.map((signature, at) => ({ keyid: attested[at].key, sig: toBase64(signature) }));
  return canonical({ payload: toBase64(bytes), payloadType: TYPE, signatures: lines });
}
