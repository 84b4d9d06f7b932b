/**
 * Time as these pages show it: always the service's, never this screen's own.
 *
 * Each answer says what the service's clock showed; half the way there and back is how uncertain that is.
 */

/** Milliseconds by which this screen's idea of the time may be wrong before it says so. */
export const MOST_DRIFT = 2000;

/** The service's clock, as far as this screen can know it. */
export class ServerClock {
  /** @type {number | null} */ #offset = null;
  #uncertain = 0;
  /** By how many ms the last answer contradicted the clock, 0 when it agreed. */
  drift = 0;

  /** Take in an answer that was asked for and received at these moments of `performance.now()`. @param {string} instant @param {number} asked @param {number} received */
  read(instant, asked, received) {
    const offset = Date.parse(instant) - (asked + received) / 2;
    const uncertain = (received - asked) / 2;
    const difference = this.#offset === null ? 0 : Math.abs(offset - this.#offset);
    this.drift = difference - uncertain > MOST_DRIFT ? difference : 0;
    if (this.#offset === null || this.drift || uncertain <= this.#uncertain || difference > this.#uncertain + uncertain) {
      this.#offset = offset;
      this.#uncertain = uncertain;
    }
  }

  /** Whether an answer took so long that the time cannot be told to two seconds. */
  get isVague() {
    return this.#uncertain > MOST_DRIFT;
  }

  /** Milliseconds since 1970 on the service's clock, null before its first answer. */
  now() {
    return this.#offset === null ? null : performance.now() + this.#offset;
  }
}

/** `12 s`, `3 min`, `1 h 20 min`: how long something has been so. @param {number} milliseconds */
export function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${Math.floor(minutes / 60)} h`;
}

/** `11:20`, or `11:20:05` when the second matters, at a place. @param {string | number} instant @param {string} [zone] */
export function clock(instant, zone) {
  const at = new Date(instant);
  const second = at.getUTCSeconds() ? "2-digit" : undefined;
  return format({ hour: "2-digit", minute: "2-digit", second, hourCycle: "h23" }, zone).format(at);
}

/** `11:20:05` at a place. @param {string | number} instant @param {string} [zone] */
export const clockToSecond = (instant, zone) =>
  format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, zone).format(new Date(instant));

/** `Sat 16 May 2026, 11:20:05 EDT`. @param {string | number} instant @param {string} [zone] */
export function dayAndClock(instant, zone) {
  const at = new Date(instant);
  const day = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" }, zone).format(at);
  return `${day.replaceAll(",", "")}, ${clockToSecond(instant, zone)} ${zoneWord(at, zone)}`;
}

/** The same moment next whole second, as the ledger spells instants. @param {string} instant @param {number} seconds */
export const plusSeconds = (instant, seconds) => new Date(Date.parse(instant) + 1000 * seconds).toISOString().replace("Z", "000Z");

/** @param {Date} at @param {string} [zone] */
export const zoneWord = (at, zone) =>
  new Intl.DateTimeFormat("en-US", { timeZoneName: "short", timeZone: zone }).formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options @param {string} [zone] */
function format(options, zone) {
  const key = JSON.stringify([options, zone]);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat("en-GB-u-nu-latn", { ...options, ...(zone && { timeZone: zone }) })));
  return made;
}
