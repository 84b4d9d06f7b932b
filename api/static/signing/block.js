/**
 * A sealed block: the part of an event that can be withheld and erased (format v1, section 2).
 *
 * Its text is the base64url of `[salt, name, value]`; the signed payload holds only the text's SHA-256.
 */

import { toBase64url } from "./base64.js";
import { randomBytes, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { sha256Hex } from "./crypto.js";
import { Invalid } from "./invalid.js";

const MAX_TEXT = 8192;

/**
 * @param {string} name whose it is and how private, such as `a/clinical`
 * @param {{[field: string]: import("./canonical.js").Json}} value
 * @param {Uint8Array} [salt] 16 bytes
 */
export async function makeBlock(name, value, salt = randomBytes(16)) {
  const text = toBase64url(utf8(canonical([toBase64url(salt), name, value], { anyText: true })));
  if (text.length > MAX_TEXT) throw new Invalid("block-size", "This is too long; write less.", name);
  return { name, text, digest: await sha256Hex(utf8(text)) };
}
