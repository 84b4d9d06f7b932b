/** SHA-256 and Ed25519 public keys, by the browser (format v1, sections 1 and 4). */

import { concat, toHex, utf8 } from "./bytes.js";
import { Invalid } from "./invalid.js";

/** The browser's cryptography, which only a page over HTTPS, or from this very machine, is given. */
export function subtle() {
  if (!crypto.subtle) throw new Invalid("insecure-page", "Without HTTPS this page cannot sign.");
  return crypto.subtle;
}

/** @param {Uint8Array} bytes */
export const sha256 = async (bytes) => new Uint8Array(await subtle().digest("SHA-256", bytes));

/** @param {Uint8Array} bytes */
export const sha256Hex = async (bytes) => toHex(await sha256(bytes));

/** The kid, in hex. @param {Uint8Array} publicKey */
export const keyId = (publicKey) => sha256Hex(concat(utf8("session-ledger/key/v1\ned25519\n"), publicKey));

/** @param {Uint8Array} publicKey 32 bytes @param {Uint8Array} message @param {Uint8Array} signature */
export async function isSignedBy(publicKey, message, signature) {
  const key = await subtle().importKey("raw", publicKey, "Ed25519", true, ["verify"]);
  return subtle().verify("Ed25519", key, signature, message);
}
