/**
 * A receipt: one entry, and the proof that the log holds it (c2sp.org/tlog-proof@v1; format v1, section 7).
 *
 * Until it is checked, this tablet does not know that an event was recorded. It says *logged*, not *valid*.
 */

import { fromBase64 } from "./base64.js";
import { toHex } from "./bytes.js";
import { openCheckpoint } from "./checkpoint.js";
import { parseEventEntry, streamTag } from "./entry.js";
import { envelopeDigest } from "./envelope.js";
import { Invalid } from "./invalid.js";
import { checkInclusion, leafHash } from "./tree.js";

const HEAD = /^c2sp\.org\/tlog-proof@v1\nextra ([^\n]+)\nindex (0|[1-9]\d{0,14})((?:\n[^\n]+){0,63})$/;

/**
 * Where the entry stands, if this receipt is for this very envelope on this stream; and, for later payloads, `seen`.
 *
 * @param {string} receipt @param {{envelope: string, stream: string, origin: string, vkeys: string[]}} expected
 */
export async function checkReceipt(receipt, { envelope, stream, origin, vkeys }) {
  const [head] = receipt.split("\n\n", 1);
  const [, extra, index, proof] = HEAD.exec(head) ?? [];
  if (!extra) throw new Invalid("receipt-format", "This is not a receipt.");
  const { size, root } = await openCheckpoint(receipt.slice(head.length + 2), { origin, vkeys });
  const hashes = proof.split("\n").slice(1).map((line) => fromBase64(line, "proof"));
  const bytes = fromBase64(extra, "extra");
  await checkInclusion(await leafHash(bytes), Number(index), size, hashes, root);
  const { env, stream: tag, version, received_at } = parseEventEntry(bytes);
  if (env !== (await envelopeDigest(envelope))) {
    throw new Invalid("receipt-envelope", "This receipt is for another envelope.", "env");
  }
  if (tag !== (await streamTag(origin, stream))) {
    throw new Invalid("receipt-stream", "This receipt is for another record.", "stream");
  }
  return { position: Number(index), version, received_at, seen: { root: toHex(root), size } };
}
