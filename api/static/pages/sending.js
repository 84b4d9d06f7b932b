/**
 * Sending what was signed: the very same bytes until a receipt for them has been checked.
 *
 * One at a time, in order. A silent network, a locked screen or a busy service leaves them waiting; a refusal is
 * given to whoever is still looking at the form, and otherwise kept aside until somebody has read it.
 */

import { checkReceipt } from "../signing/receipt.js";
import { post, Problem, Unreachable } from "./http.js";
import { drop, harden, keep, kept, setAside } from "./outbox.js";
import { pin } from "./pinned.js";

/** @import {Kept, Signed} from "./outbox.js" */
/** @typedef {{position: number, received_at: string, seen: {root: string, size: number}}} Proven */

const MANY = 50;
const SEEN = "session-ledger-seen";
const waitingForms = /** @type {Map<number, {done: (proven: Proven) => void, refused: (problem: Error) => void}>} */ (new Map());

/** Tells `changed` when the number of waiting events changes, `recorded` with what was proven, `unproven` with why. */
export const sending = new EventTarget();

/** The newest checkpoint this tablet has checked. */
export const seen = () => JSON.parse(localStorage.getItem(SEEN) ?? "null") ?? undefined;

/**
 * Keep a signed event and try to send it.
 *
 * Resolves with its proof, or with null while it waits for the network; rejects with the service's refusal.
 *
 * @param {Signed} signed @returns {Promise<Proven | null>}
 */
export async function send(signed) {
  const n = await keep({ ...signed, kept: Date.now() });
  tell("changed");
  return new Promise((resolve, reject) => {
    waitingForms.set(n, { done: resolve, refused: reject });
    const end = () => waitingForms.delete(n);
    flush().then(() => (end(), resolve(null)), (error) => (end(), reject(error)));
  });
}

/** Send everything that waits, oldest first; several tabs of one tablet take turns. */
export const flush = () => navigator.locks.request("session-ledger-outbox", sendAll);

/** How many wait, since when, and what was refused. */
export async function waiting() {
  const all = await kept();
  const rest = all.filter(({ state }) => state === "waiting");
  return { count: rest.length, oldest: rest[0]?.kept ?? null, refused: all.filter(({ state }) => state === "refused") };
}

async function sendAll() {
  for (;;) {
    const items = (await kept()).filter(({ state }) => state === "waiting").slice(0, MANY);
    if (!items.length) return;
    let answers;
    try {
      answers = items.length === 1 ? [await one(items[0])] : (await post("/v1/batches", { items: items.map(body) })).items;
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Problem && error.passes)) return harden(items);
      throw error;
    }
    let stuck = false;
    for (const [at, item] of items.entries()) stuck = !(await settle(item, answers[at])) || stuck;
    tell("changed");
    if (stuck) return;
  }
}

/** @param {Kept} item */
async function one(item) {
  try {
    return await post("/v1/events", body(item));
  } catch (error) {
    if (error instanceof Problem && !error.passes) return error;
    throw error;
  }
}

/** @param {Kept} item */
const body = ({ envelope, blocks }) => ({ envelope, blocks });

/** Whether this item is settled: proven and dropped, or refused. @param {Kept} item @param {any} answer */
async function settle(item, answer) {
  const form = waitingForms.get(item.n);
  const refusal = answer instanceof Problem ? answer : answer.receipt ? null : new Problem(answer.problem ?? answer, answer.status);
  if (refusal?.passes) return false;
  if (refusal) {
    if (form) await drop(item.n);
    else await setAside(item, { code: refusal.code, message: refusal.message, remedy: refusal.remedy, blockedBy: refusal.blockedBy });
    form?.refused(refusal);
    return true;
  }
  const trusted = pin();
  if (!trusted) throw new Error("This tablet has pinned no ledger.");
  try {
    const proven = await checkReceipt(answer.receipt, { envelope: item.envelope, stream: item.stream, ...trusted });
    localStorage.setItem(SEEN, JSON.stringify(proven.seen));
    form?.done(proven);
    await drop(item.n);
    tell("recorded", { item, proven, repeated: answer.repeated });
    return true;
  } catch (error) {
    tell("unproven", { item, error });
    form?.refused(/** @type {Error} */ (error));
    return false;
  }
}

/** @param {string} what @param {object} [detail] */
const tell = (what, detail) => sending.dispatchEvent(new CustomEvent(what, { detail }));

addEventListener("online", () => flush());
document.addEventListener("ledger-unlocked", () => flush());
setInterval(() => flush(), 5000);
