/** Bytes: of a text, joined, compared, random, and as lowercase hexadecimal. */

import { Invalid } from "./invalid.js";

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {...Uint8Array} parts */
export const concat = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** @param {Uint8Array} one @param {Uint8Array} other */
export const areEqual = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** @param {number} count */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Exactly `length` bytes. @param {string} text @param {number} length @param {string} [field] */
export function fromHex(text, length, field) {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) {
    throw new Invalid("hex", `This is not ${length} bytes of lowercase hexadecimal.`, field);
  }
  return Uint8Array.from({ length }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}
