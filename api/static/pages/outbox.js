/**
 * What was signed here and has no checked receipt yet, in IndexedDB, in the order in which it was signed; and the
 * chain of this device, which counts it.
 *
 * It is written before the first byte is sent, so a tap survives a lost network and a reload; once it has to wait, it
 * is forced to the disk and survives a flat battery too. An event and its place in the chain are kept together or
 * not at all: no number is given twice, and none is left out.
 */

/** @import {DeviceLink} from "../signing/payload.js" */
/** @typedef {{ledger: string, dig: string, kept: number, correction: number}} Place which ledger, and by what clock it was stamped */
/** @typedef {{envelope: string, blocks: string[], id: string, type: string, stream: string, words: string} & Place} Signed */
/** @typedef {Signed & {n: number, link: DeviceLink, state: "waiting" | "refused", waited?: boolean, problem?: any}} Kept */
/** @typedef {{ledger: string, id: string, seq: number, prev: string | null}} Chain */

const CHAIN = "session-ledger-chain";

/**
 * Sign with the next place in this device's chain, and keep it.
 *
 * @param {string} ledger @param {(link: DeviceLink) => Promise<Signed>} sign @returns {Promise<number>} its number in the outbox
 */
export const keepNext = (ledger, sign) =>
  navigator.locks.request(CHAIN, async () => {
    const chain = await chainOf(ledger);
    const link = { id: chain.id, prev: chain.prev, seq: chain.seq + 1 };
    const signed = await sign(link);
    return inStores("readwrite", (items, chains) => {
      chains.put({ ...chain, seq: link.seq, prev: signed.dig });
      return items.add({ ...signed, link, state: "waiting" });
    });
  });

/** This device's name in a ledger. @param {string} ledger @returns {Promise<string>} */
export const deviceId = (ledger) => navigator.locks.request(CHAIN, async () => (await chainOf(ledger)).id);

/**
 * Go on behind what the log holds of this device.
 *
 * A battery that died at once may have taken the last taps with it, which the service had already: their numbers are
 * not given again.
 *
 * @param {string} ledger @param {number} seq @param {string | null} dig
 */
export const goOnBehind = (ledger, seq, dig) =>
  navigator.locks.request(CHAIN, async () => {
    const chain = await chainOf(ledger);
    if (chain.seq < seq) await inStores("readwrite", (_, chains) => chains.put({ ...chain, seq, prev: dig }));
  });

/** Everything kept, oldest first. @returns {Promise<Kept[]>} */
export const kept = () => inStores("readonly", (items) => items.getAll());

/**
 * Make sure that what waits is on the disk, before a flat battery.
 *
 * Not done before sending: the network is usually there, and a strict write costs a third of the time of a tap.
 *
 * @param {Kept[]} waiting
 */
export const harden = (waiting) =>
  inStores("readwrite", (items) => waiting.map((item) => items.put({ ...item, waited: true })).at(-1) ?? items.count(), "strict");

/** @param {number} n */
export const drop = (n) => inStores("readwrite", (items) => items.delete(n));

/** Let go of what was refused; its number is free again if nothing was signed after it. @param {Kept} item */
export const dropRefused = (item) => stepBack(item, (items) => items.delete(item.n));

/** Keep it aside with what the service said against it. @param {Kept} item @param {object} problem */
export const setAside = (item, problem) => stepBack(item, (items) => items.put({ ...item, state: "refused", problem }));

/** @param {Kept} item @param {(items: IDBObjectStore) => IDBRequest} change */
const stepBack = (item, change) =>
  navigator.locks.request(CHAIN, () =>
    inStores("readwrite", (items, chains) => {
      const asked = chains.get(item.ledger ?? "");
      asked.onsuccess = () => {
        if (item.link && asked.result?.seq === item.link.seq) chains.put({ ...asked.result, seq: item.link.seq - 1, prev: item.link.prev });
      };
      return change(items);
    }),
  );

/** The chain so far; its device gets a name the first time. @param {string} ledger @returns {Promise<Chain>} */
async function chainOf(ledger) {
  const known = await inStores("readonly", (_, chains) => chains.get(ledger));
  if (known) return known;
  const begun = { ledger, id: `device/${crypto.randomUUID()}`, seq: 0, prev: null };
  await inStores("readwrite", (_, chains) => chains.put(begun), "strict");
  return begun;
}

let opened = /** @type {Promise<IDBDatabase> | null} */ (null);

/** The one connection of this page; opened again if the browser closed it. */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open("session-ledger-outbox", 2);
    opening.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) opening.result.createObjectStore("signed", { keyPath: "n", autoIncrement: true });
      opening.result.createObjectStore("chains", { keyPath: "ledger" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  }).then(
    (made) => {
      made.onclose = made.onversionchange = () => {
        made.close();
        opened = null;
      };
      return made;
    },
    (error) => {
      opened = null;
      throw error;
    },
  );
  return opened;
}

/** @param {IDBTransactionMode} mode @param {(items: IDBObjectStore, chains: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
async function inStores(mode, ask, durability = /** @type {IDBTransactionDurability} */ ("relaxed")) {
  const transaction = (await database()).transaction(["signed", "chains"], mode, { durability });
  const request = ask(transaction.objectStore("signed"), transaction.objectStore("chains"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}
