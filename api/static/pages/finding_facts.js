/** What the finding page needs to know, asked of the service. */

import { asked, uuidOf } from "./board_links.js";
import { get } from "./http.js";
import { asOf, isPast } from "./past.js";

/** @typedef {{couple: string, room: string, zone: string, rows: any[]}} About */

/** No rule says anything under this name. */
export class NotFound extends Error {}

/** The finding of this identity as it is now, and the service's time of the answer. @param {string} identity @param {string | null} uuid of its session, when the address says it */
export async function findingNow(identity, uuid) {
  const [{ now }, { findings, as_of }] = await Promise.all([get("/v1/status"), get(asOf(query({ session: uuid, at_least: asked("at_least") })))]);
  const finding = findings.find((/** @type {any} */ each) => each.id === identity);
  if (!finding) throw new NotFound("no such finding");
  return { finding, now: Date.parse(isPast() ? as_of : now) };
}

/** The same finding as it stood at a moment, by what the log knew then. @param {any} finding @param {string} moment */
export async function findingThen(finding, moment) {
  const size = await sizeAt(moment);
  const { findings } = await get(query({ session: uuidOf(finding.session) || null, up_to: moment, known_at: size }));
  return { size, said: findings.find((/** @type {any} */ each) => each.id === finding.id) ?? null };
}

/** The session in words: which couple, where, in which zone, and its rows; of a finding about another record, nothing. @param {string} session @returns {Promise<About>} */
export async function aboutSession(session) {
  if (!session) return { couple: "", room: "", zone: "UTC", rows: [] };
  const path = `/v1/sessions/${uuidOf(session)}`;
  const [{ session: room }, { rows }] = await Promise.all([get(asOf(`${path}/room`)), get(asOf(`${path}/timeline`))]);
  return { couple: room.couple_code, room: room.room ?? room.location.code, zone: room.location.zone || "UTC", rows };
}

/** How many entries the log had received by a moment; they are in order of time, so halving finds it. @param {string} moment */
async function sizeAt(moment) {
  let [low, high] = [0, (await get("/v1/status")).size];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { entry } = await get(`/v1/entries/${middle}`);
    const received = /"received_at":"([^"]+)"/.exec(entry)?.[1] ?? "";
    if (received <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Record<string, string | number | null>} wanted */
function query(wanted) {
  const given = Object.entries(wanted).filter(([, value]) => value !== null);
  return `/v1/findings?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
