/**
 * What was signed here and has no checked receipt yet, in IndexedDB, in the order in which it was signed.
 *
 * It is written before the first byte is sent, so a tap survives a lost network and a reload; once it has to wait, it
 * is forced to the disk and survives a flat battery too.
 */

/** @typedef {{envelope: string, blocks: string[], id: string, type: string, stream: string, words: string}} Signed */
/** @typedef {Signed & {n: number, kept: number, state: "waiting" | "refused", problem?: any}} Kept */

/** @param {Signed & {kept: number}} signed @returns {Promise<number>} its number */
export const keep = (signed) => inStore("readwrite", (store) => store.add({ ...signed, state: "waiting" }));

/** Everything kept, oldest first. @returns {Promise<Kept[]>} */
export const kept = () => inStore("readonly", (store) => store.getAll());

/**
 * Make sure that what waits is on the disk, before a flat battery.
 *
 * Not done before sending: the network is usually there, and a strict write costs a third of the time of a tap.
 *
 * @param {Kept[]} items
 */
export const harden = (items) =>
  inStore("readwrite", (store) => items.map((item) => store.put(item)).at(-1) ?? store.count(), "strict");

/** @param {number} n */
export const drop = (n) => inStore("readwrite", (store) => store.delete(n));

/** Keep it aside with what the service said against it. @param {Kept} item @param {object} problem */
export const setAside = (item, problem) => inStore("readwrite", (store) => store.put({ ...item, state: "refused", problem }));

let opened = /** @type {Promise<IDBDatabase> | null} */ (null);

/** The one connection of this page; opened again if the browser closed it. */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open("session-ledger-outbox", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("signed", { keyPath: "n", autoIncrement: true });
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

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
async function inStore(mode, ask, durability = /** @type {IDBTransactionDurability} */ ("relaxed")) {
  const transaction = (await database()).transaction("signed", mode, { durability });
  const request = ask(transaction.objectStore("signed"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}
