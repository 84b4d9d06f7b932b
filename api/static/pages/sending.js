/**
 * Sending what was signed: the very same bytes until a receipt for them has been checked.
 *
 * One at a time, in order. A silent network, a locked screen or a busy service leaves them waiting; a refusal is
 * given to whoever is still looking at the form, and otherwise kept aside until somebody has read it.
 * What had to wait goes as a batch, with what the clock shows now that stamped it, and with the newest checkpoint
 * this tablet has checked: so the service can say how wrong the clock was, and notice another history.
 */

import { checkReceipt } from "../signing/receipt.js";
import { get, post, Problem, Unreachable } from "./http.js";
import { drop, dropRefused, harden, kept, setAside } from "./outbox.js";
import { pin } from "./pinned.js";
import { toInstant } from "./server_time.js";

/** @import {Kept} from "./outbox.js" */
/** @typedef {{position: number, received_at: string, seen: {root: string, size: number}}} Proven */

const MANY = 200;
const SEEN = "session-ledger-seen";
const CHECKPOINT = "session-ledger-checkpoint";
const waitingForms = /** @type {Map<number, {done: (proven: Proven) => void, refused: (problem: Error) => void}>} */ (new Map());

/**
 * Tells `changed` when the number of waiting events changes, `recorded` with what was proven, `unproven` with why,
 * and `sent` with what became of each item of a batch.
 */
export const sending = new EventTarget();

/** The newest checkpoint this tablet has checked. */
export const seen = () => JSON.parse(localStorage.getItem(SEEN) ?? "null") ?? undefined;

/**
 * Try to send a kept event.
 *
 * Resolves with its proof, or with null while it waits for the network; rejects with the service's refusal.
 *
 * @param {number} n its number in the outbox @returns {Promise<Proven | null>}
 */
export function send(n) {
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
    const items = together((await kept()).filter(({ state }) => state === "waiting"));
    if (!items.length) return;
    const alone = items.length === 1 && waitingForms.has(items[0].n) && !items[0].waited;
    let answers;
    try {
      answers = alone ? [await one(items[0])] : (await post("/v1/batches", await batch(items))).items;
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Problem && error.passes)) return harden(items);
      throw error;
    }
    const results = [];
    for (const [at, item] of items.entries()) results.push({ words: item.words, result: await settle(item, answers[at]), position: answers[at].position });
    tell("changed");
    if (!alone) tell("sent", { results });
    if (results.some(({ result }) => result === "waiting")) return;
  }
}

/** The oldest, with those after it that were stamped by the same clock for the same ledger. @param {Kept[]} waiting */
function together(waiting) {
  const [first] = waiting;
  const end = waiting.findIndex((item) => item.correction !== first.correction || item.ledger !== first.ledger);
  return waiting.slice(0, Math.min(end < 0 ? MANY : end, MANY));
}

/** A batch with what this tablet can say of itself. @param {Kept[]} items */
async function batch(items) {
  const [{ link, correction }] = items;
  const started = performance.now();
  await get("/v1/status");
  const round_trip_ms = Math.round(performance.now() - started);
  const clock = correction === undefined ? null : toInstant(Date.now() + correction);
  const checkpoint = localStorage.getItem(CHECKPOINT);
  return { items: items.map(body), ...(link && { sync: { device: link.id, clock, round_trip_ms } }), ...(checkpoint && { checkpoint }) };
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

/** What became of it: proven and dropped, refused, or it waits on. @param {Kept} item @param {any} answer */
async function settle(item, answer) {
  const form = waitingForms.get(item.n);
  const refusal = answer instanceof Problem ? answer : answer.receipt ? null : new Problem(answer.problem ?? answer, answer.status);
  if (refusal?.passes) return "waiting";
  if (refusal) {
    if (form) await dropRefused(item);
    else await setAside(item, { code: refusal.code, message: refusal.message, remedy: refusal.remedy, blockedBy: refusal.blockedBy });
    form?.refused(refusal);
    return "refused";
  }
  const trusted = pin();
  if (!trusted) throw new Error("This tablet has pinned no ledger.");
  try {
    const proven = await checkReceipt(answer.receipt, { envelope: item.envelope, stream: item.stream, ...trusted });
    localStorage.setItem(SEEN, JSON.stringify(proven.seen));
    localStorage.setItem(CHECKPOINT, answer.receipt.slice(answer.receipt.indexOf("\n\n") + 2));
    form?.done(proven);
    await drop(item.n);
    tell("recorded", { item, proven, repeated: answer.repeated });
    return answer.repeated ? "repeated" : "recorded";
  } catch (error) {
    tell("unproven", { item, error });
    form?.refused(/** @type {Error} */ (error));
    return "waiting";
  }
}

/** @param {string} what @param {object} [detail] */
const tell = (what, detail) => sending.dispatchEvent(new CustomEvent(what, { detail }));

addEventListener("online", () => flush());
document.addEventListener("ledger-unlocked", () => flush());
setInterval(() => flush(), 5000);
