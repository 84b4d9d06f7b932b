/**
 * Text under signatures of known keys: the signed note of c2sp.org/signed-note.
 *
 * A line by a known key must verify, or the whole note is refused; a line by any other key proves nothing.
 */

import { fromBase64 } from "./base64.js";
import { areEqual, concat, fromHex, utf8 } from "./bytes.js";
import { isSignedBy, sha256 } from "./crypto.js";
import { Invalid } from "./invalid.js";

const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/;
const LINE = /^\u2014 ([^\s+]+) (\S+)$/;
const TEXT = /^[^\x00-\x09\x0b-\x1f\ud800-\udfff]*\n$/u;

/** A known key, from `name+keyid+base64(0x01 || public key)`. @param {string} text */
export async function parseVkey(text) {
  const [, name, id, encoded] = VKEY.exec(text) ?? ["", "", "", ""];
  const key = fromBase64(encoded, "vkey");
  const hash = await sha256(concat(utf8(`${name}\n`), key));
  if (key.length !== 33 || key[0] !== 1 || !areEqual(hash.slice(0, 4), fromHex(id, 4, "vkey"))) {
    throw new Invalid("vkey", "This is not an Ed25519 verifier key under its own id.");
  }
  return { name, id: hash.slice(0, 4), publicKey: key.slice(1) };
}

/** @typedef {{name: string, id: Uint8Array, publicKey: Uint8Array}} VerifierKey */
/** The signed text of a note. @param {string} note @param {VerifierKey[]} known */
export async function openNote(note, known) {
  const gap = note.lastIndexOf("\n\n");
  const lines = note.slice(gap + 2, -1).split("\n");
  if (gap < 0 || lines.length > 100 || !TEXT.test(note)) throw new Invalid("note-format", "This is not a signed note.");
  const text = note.slice(0, gap + 1);
  let verified = 0;
  for (const { name, id, signature } of lines.map(parseLine)) {
    const key = known.find((one) => one.name === name && areEqual(one.id, id));
    if (key && !(await isSignedBy(key.publicKey, utf8(text), signature))) {
      throw new Invalid("note-signature", `The signature of ${name} does not fit the text.`);
    }
    if (key) verified += 1;
  }
  if (!verified) throw new Invalid("note-unsigned", "No known key has signed this note.");
  return text;
}

/** @param {string} line */
function parseLine(line) {
  const [, name, encoded] = LINE.exec(line) ?? ["", "", ""];
  const bytes = fromBase64(encoded, "note");
  if (bytes.length <= 4) throw new Invalid("note-format", "This is not a signature line.");
  return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}
