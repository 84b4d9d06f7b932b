/** The bar of the room: which couple, how long, who watches, what is saved, whether the page is alive and on time. */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { waiting } from "./sending.js";
import { drift, serverNow } from "./server_time.js";
import { clockTime, duration } from "./times.js";

/** @import {Room} from "./room_context.js" */
const DRIFT_S = 2;

/** @param {Room} room */
export function makeHeader(room) {
  const title = el("h1", {});
  const elapsed = el("span", { class: "chip", "data-chip": "elapsed" });
  const watch = el("span", { class: "chip", "data-chip": "watch" });
  const saved = el("span", { class: "chip", role: "status", "data-chip": "saved" });
  const live = el("span", { class: "chip", "data-chip": "live" });
  const clock = el("span", { class: "chip warn", "data-chip": "drift", hidden: true });
  /** In the past nothing is live, and the clock is that of then. */
  const watched = [live, clock];
  const node = el("div", { class: "room-head" }, title, elapsed, watch, saved, live, clock);
  let isAlive = true;
  let lost = 0;
  let queue = { count: 0, oldest: /** @type {number | null} */ (null), refused: [] };

  function draw() {
    const { couple_code, ordinal, location, room: name } = room.session;
    fill(title, `${couple_code} · session ${ordinal}`, el("small", {}, ` ${[location.code, name].filter(Boolean).join(" · ")}`));
    const since = room.answer.last["monitor-handover/1"] ?? room.answer.last["monitor-assigned/1"];
    const newest = [room.answer.last["monitor-handover/1"], room.answer.last["monitor-assigned/1"]].filter(Boolean).sort((one, other) => other.position - one.position)[0] ?? since;
    const codes = [...new Set(["a", "b"].flatMap((slot) => room.partner(/** @type {"a"} */ (slot)).monitors.map((/** @type {any} */ each) => each.code)))];
    fill(watch, icon("eye"), codes.length ? `${codes.join(", ")} watch${codes.length > 1 ? "" : "es"} since ${clockTime(newest?.at, room.zone)}` : "Nobody watches");
    watch.classList.toggle("warn", !codes.length && room.session.status === "open");
    tick();
  }

  function tick() {
    const { status, opened_at, closed_at } = room.session;
    const words = status === "open" ? `Elapsed ${duration(serverNow() - Date.parse(opened_at))}` : status === "closed" ? `Closed ${clockTime(closed_at, room.zone)}` : "Not open yet";
    if (elapsed.textContent !== words) fill(elapsed, icon("clock"), words);
    const oldest = queue.oldest === null ? "" : `, oldest ${Math.floor((Date.now() - queue.oldest) / 1000)} s`;
    const said = `${queue.count ? "" : "Saved · "}${queue.count} waiting${oldest}`;
    if (saved.textContent !== said) {
      fill(saved, icon(queue.count ? "waiting" : "saved"), said);
      saved.classList.toggle("warn", queue.count > 0);
      saved.classList.toggle("good", queue.count === 0);
    }
    const alive = isAlive ? "Live" : `Not live for ${Math.floor((Date.now() - lost) / 1000)} s`;
    if (live.textContent !== alive) {
      fill(live, icon(isAlive ? "check" : "warning"), alive);
      live.classList.toggle("warn", !isAlive);
    }
    const wrong = drift();
    clock.hidden = Math.abs(wrong) <= DRIFT_S;
    const text = `This tablet's clock is ${inSpan(Math.abs(wrong))} ${wrong > 0 ? "behind" : "ahead"}; the service's time counts`;
    if (!clock.hidden && clock.textContent !== text) fill(clock, icon("warning"), text);
  }

  return {
    node, draw, tick,
    past() {
      for (const chip of watched) chip.remove();
    },
    /** @param {boolean} is */
    alive(is) {
      if (isAlive && !is) lost = Date.now();
      isAlive = is;
      tick();
    },
    async recount() {
      queue = /** @type {any} */ (await waiting());
      tick();
      return queue;
    },
  };
}

/** @param {number} seconds */
const inSpan = (seconds) => (seconds < 120 ? `${Math.round(seconds)} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`);
