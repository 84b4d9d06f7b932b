/** A checkpoint: the size and root of the log, under the log's signature (format v1, section 6). */

import { fromBase64 } from "./base64.js";
import { Invalid } from "./invalid.js";
import { openNote, parseVkey } from "./note.js";

/**
 * The size and root that a pinned key of this log has signed.
 *
 * @param {string} note @param {{origin: string, vkeys: string[]}} pinned as learned when the tablet was set up
 */
export async function openCheckpoint(note, { origin, vkeys }) {
  const known = await Promise.all(vkeys.map(parseVkey));
  if (known.some(({ name }) => name !== origin)) throw new Invalid("vkey", "A pinned key is not of this log.");
  const [name, size, root, ...end] = (await openNote(note, known)).split("\n");
  const hash = fromBase64(root ?? "", "root");
  if (name !== origin) throw new Invalid("checkpoint-origin", "This is a checkpoint of another log.", "origin");
  if (end.length !== 1 || hash.length !== 32 || !/^(?:0|[1-9]\d{0,14})$/.test(size)) {
    throw new Invalid("checkpoint-format", "A checkpoint is three lines: origin, size and root.");
  }
  return { size: Number(size), root: hash };
}
