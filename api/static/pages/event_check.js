/**
 * The event checked in this browser, by the same module that signs on a tablet; the service is not asked whether.
 *
 * What it cannot know alone is which log key to trust: it keeps the one it saw first, and says so if it changes.
 */

import { fromBase64 } from "../signing/base64.js";
import { fromHex } from "../signing/bytes.js";
import { isSignedBy, keyId } from "../signing/crypto.js";
import { pae } from "../signing/envelope.js";
import { checkReceipt } from "../signing/receipt.js";
import { status } from "./pinned.js";

/** @typedef {{holds: boolean, words: string}} Answer */

/**
 * Plain answers, each of them found here.
 *
 * @param {import("./event_facts.js").Entry} entry @param {Map<string, any>} keys @param {string} receipt
 */
export async function checkEvent(entry, keys, receipt) {
  const { pin, isSame } = await status();
  const signatures = await Promise.all(entry.payload.attested.map((/** @type {any} */ each, /** @type {number} */ at) => signature(entry, at, keys.get(each.key))));
  const logged = await inLog(entry, receipt, pin);
  const named = entry.payload.ledger === pin.origin;
  const answers = [
    { holds: signatures.every(({ holds }) => holds), words: `${signatures.length === 1 ? "The person named" : `The ${signatures.length} people named`} signed exactly these bytes, by the keys this service names as theirs.` },
    logged,
    { holds: isSame, words: isSame ? "The log signs with the key this browser has known since it first came here." : "The log speaks with another key than this browser knows; do not believe it before an officer has said why." },
    { holds: named, words: named ? "It was signed for this ledger." : "It was signed for another ledger." },
  ];
  return { answers, signatures, holds: answers.every(({ holds }) => holds) };
}

/** Whether one signature fits the bytes and the key that is said to be its. @param {import("./event_facts.js").Entry} entry @param {number} at @param {any} key @returns {Promise<Answer>} */
async function signature({ payload, text, signatures }, at, key) {
  const attested = payload.attested[at];
  if (!key) return { holds: false, words: "The key that signed is not among the keys of this ledger." };
  if (key.owner !== attested.by) return { holds: false, words: "The key that signed is somebody else's." };
  const publicKey = fromHex(key.public, 32);
  const isThisKey = (await keyId(publicKey)) === attested.key && signatures[at]?.keyid === attested.key;
  const fits = isThisKey && (await isSignedBy(publicKey, pae(text), fromBase64(signatures[at].sig)));
  return fits ? { holds: true, words: "The signature fits these bytes and this key." } : { holds: false, words: "The signature does not fit these bytes." };
}

/** @param {import("./event_facts.js").Entry} entry @param {string} receipt @param {import("./pinned.js").Pin} pin @returns {Promise<Answer>} */
async function inLog({ position, envelope, payload }, receipt, pin) {
  try {
    const found = await checkReceipt(receipt, { envelope, stream: payload.stream, ...pin });
    if (found.position !== position) return { holds: false, words: `The receipt is for position ${found.position}, not ${position}.` };
    return { holds: true, words: `The log, as it signed itself at ${found.seen.size} entries, holds this event at position ${position}.` };
  } catch (error) {
    return { holds: false, words: `The receipt proves nothing: ${error instanceof Error ? error.message : error}` };
  }
}
