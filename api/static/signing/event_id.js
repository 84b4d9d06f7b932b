/** The id of an event: a UUIDv7, made where the event is written (RFC 9562, section 5.7). */

import { randomBytes, toHex } from "./bytes.js";

/** @param {number} milliseconds since 1970 @param {Uint8Array} [random] 10 bytes, of which 74 bits are used */
export function eventId(milliseconds, random = randomBytes(10)) {
  const tail = Uint8Array.from(random);
  tail[0] = (tail[0] & 0x0f) | 0x70;
  tail[2] = (tail[2] & 0x3f) | 0x80;
  const hex = milliseconds.toString(16).padStart(12, "0") + toHex(tail);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
