/**
 * The private keys on this tablet: one for each person, made here, kept by the browser.
 *
 * They are *non-extractable*: the page can have the browser sign, and nothing can read their bytes. They survive
 * reloads and restarts, but not the clearing of the site's data.
 */

import { fromBase64 } from "./base64.js";
import { concat, fromHex, toHex } from "./bytes.js";
import { keyId, subtle } from "./crypto.js";
import { Invalid } from "./invalid.js";

/** `ledger` is the origin of the one ledger it signs for. */
/** @typedef {{ledger: string, owner: string, practice: boolean, privateKey: CryptoKey}} Unnamed */
/** @typedef {Unnamed & {kid: string, pub: string}} TabletKey */

const PKCS8_HEAD = fromHex("302e020100300506032b657004220420", 16);

/** A new key; it counts once a security officer has enrolled it. @param {{ledger: string, owner: string}} whose */
export async function createKey({ ledger, owner }) {
  const pair = /** @type {CryptoKeyPair} */ (await subtle().generateKey("Ed25519", false, ["sign", "verify"]));
  const publicKey = new Uint8Array(await subtle().exportKey("raw", pair.publicKey));
  return keep({ ledger, owner, practice: false, privateKey: pair.privateKey }, publicKey);
}

/** @param {{ledger: string, owner: string, seed: string, practice: boolean}} from `practice` as /v1/status says */
export async function importPracticeSeed({ ledger, owner, seed, practice }) {
  if (practice !== true) throw new Invalid("not-practice", "A real key is made on its own tablet.");
  const pkcs8 = concat(PKCS8_HEAD, fromHex(seed, 32, "seed"));
  const readable = await subtle().importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = await subtle().exportKey("jwk", readable);
  const privateKey = await subtle().importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  const publicKey = fromBase64(`${x}=`.replaceAll("-", "+").replaceAll("_", "/"));
  return keep({ ledger, owner, practice, privateKey }, publicKey);
}

/** The keys on this tablet for a ledger. @param {{ledger: string}} of */
export async function listKeys({ ledger }) {
  const keys = /** @type {TabletKey[]} */ (await inStore("readonly", (store) => store.getAll()));
  return keys.filter((key) => key.ledger === ledger);
}

/** The 64 bytes of a signature. @param {TabletKey} key @param {Uint8Array} message */
export const sign = async (key, message) => new Uint8Array(await subtle().sign("Ed25519", key.privateKey, message));

/** Destroy a key; nothing brings it back. @param {string} kid */
export const forgetKey = (kid) => inStore("readwrite", (store) => store.delete(kid));

/** @param {Unnamed} key @param {Uint8Array} publicKey */
async function keep(key, publicKey) {
  const kept = { ...key, kid: await keyId(publicKey), pub: toHex(publicKey) };
  await inStore("readwrite", (store) => store.put(kept));
  return kept;
}

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask */
function inStore(mode, ask) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("session-ledger-keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "kid" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("keys", mode, { durability: "strict" });
      const request = ask(transaction.objectStore("keys"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      opening.result.close();
    };
  });
}
