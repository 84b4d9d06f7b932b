/**
 * The time of the service, which is the only time a page shows.
 *
 * Each answer that says `now` teaches how far this tablet's clock is from it. An estimate is never ahead of the
 * service, because the answer was on its way for a while: nothing is signed as having happened in the future.
 */

let offset = 0;
let isKnown = false;
const listeners = /** @type {(() => void)[]} */ ([]);

/** Take in what the service says the time is, as soon as its answer is here. @param {string} now */
export function learn(now) {
  offset = Date.parse(now) - Date.now();
  isKnown = true;
  for (const tell of listeners) tell();
}

/** Milliseconds added to this tablet's clock; kept with what was stamped so, to say later how wrong that was. */
export const correction = () => offset;

/** Milliseconds since 1970, as the service counts them. */
export const serverNow = () => Date.now() + offset;

/** The service's time as an instant of the ledger. */
export const instantNow = () => toInstant(serverNow());

/** @param {number} milliseconds */
export const toInstant = (milliseconds) => new Date(milliseconds).toISOString().replace("Z", "000Z");

/** Seconds by which this tablet's own clock is wrong; positive when it is behind. */
export const drift = () => (isKnown ? offset / 1000 : 0);

/** @param {() => void} tell */
export const whenLearned = (tell) => listeners.push(tell);
