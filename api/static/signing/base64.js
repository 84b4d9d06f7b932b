/** Base64 in its one canonical spelling: decode, encode again, compare (format v1, section 0). */

import { Invalid } from "./invalid.js";

/** Padded (RFC 4648, section 4). @param {Uint8Array} bytes */
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Unpadded and URL-safe (RFC 4648, section 5). @param {Uint8Array} bytes */
export const toBase64url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** The bytes of padded base64. @param {string} text @param {string} [field] */
export function fromBase64(text, field) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {}
  if (!bytes || toBase64(bytes) !== text) throw new Invalid("base64", "This is not canonical base64.", field);
  return bytes;
}
