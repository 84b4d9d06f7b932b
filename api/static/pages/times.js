/** Times as people read them: always at the place of the session, never as the tablet's own zone would have it. */

/** @param {string | number | null | undefined} at @param {string} zone */
export function clockTime(at, zone) {
  if (at === null || at === undefined) return "–";
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone || "UTC" }).format(new Date(at));
}

/** `2026-05-17 10:50 EDT`, as it stands in a release. @param {number} milliseconds @param {string} zone */
export function localWording(milliseconds, zone) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", {
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      hourCycle: "h23", timeZone: zone, timeZoneName: "short",
    }).formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${parts.timeZoneName}`;
}

/** Weekday, day and time, for a text somebody has to remember. @param {number | string} at @param {string} zone */
export const dayAndTime = (at, zone) =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(at));

/** `12:05`, or `1:12:05` from one hour on. @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** How old something is, in words. @param {number} milliseconds */
export function age(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "just now";
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ${minutes % 60} min ago`;
}

/**
 * The instant at which the clock of a place shows this time of the day on which `near` falls.
 *
 * @param {string} hhmm @param {number} near @param {string} zone
 */
export function atLocal(hhmm, near, zone) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(near));
  return fromLocal(`${day}T${hhmm}`, zone);
}

/** Milliseconds of a local date and time such as 2026-05-17T10:50. @param {string} text @param {string} zone */
export function fromLocal(text, zone) {
  const asUtc = Date.parse(`${text}:00Z`);
  // The offset at the place is found by looking what its clock shows, twice, because the first guess may be
  // on the other side of a change to summer time.
  const first = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(first, zone);
}

/** @param {number} milliseconds @param {string} zone */
function offsetAt(milliseconds, zone) {
  const shown = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).format(new Date(milliseconds));
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(shown) ?? ["", "+", "0", "0"];
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes)) * 60_000;
}
