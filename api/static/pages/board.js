/** The floor board: every open session, the most overdue first, live or honestly not. */

import { Feed } from "./board_feed.js";
import { asked } from "./board_links.js";
import { roomRow } from "./board_row.js";
import { sign } from "./board_svg.js";
import { clockToSecond } from "./board_time.js";
import { advise, advice, isStopped } from "./board_trouble.js";
import { el, fill, say } from "./dom.js";
import { frame } from "./frame.js";
import { post } from "./http.js";
import { isPast, offerPast } from "./past.js";

const kiosk = asked("kiosk") === "1";
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const main = /** @type {Element} */ (document.querySelector("main"));
const rows = byId("rows");
const notice = byId("notice");
const alarm = byId("refused");
const live = byId("live");

/** @type {import("./board_row.js").Tick[]} */ let ticking = [];
let shown = "";
/** What was announced already: an overdue check is said once, not every second. @type {Set<string>} */ const announced = new Set();

document.documentElement.toggleAttribute("data-kiosk", kiosk);

const feed = new Feed(() => {
  render();
  tick();
});

/** The zone of the house, else of this screen. */
const zone = () => feed.floor?.rooms[0]?.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Draw the rows again, if anything in them changed; the focus stays where it was. */
function render() {
  const { floor } = feed;
  if (!floor) return;
  drawAlarm(floor.refused ?? 0);
  if (!kiosk && !main.querySelector(".past-control")) offerPast(main, zone());
  const now = JSON.stringify(floor.rooms);
  if (now === shown) return;
  shown = now;
  ticking = [];
  const focused = document.activeElement?.getAttribute("data-finding");
  fill(rows, floor.rooms.map((/** @type {any} */ room) => roomRow(room, { kiosk, ticking, announce })));
  if (focused) /** @type {HTMLElement | null} */ (rows.querySelector(`[data-finding="${CSS.escape(focused)}"]`))?.focus();
}

/** What somebody tried to record under the id of another event: kept, and looked at by an officer. @param {number} count */
function drawAlarm(count) {
  const words = `${count} ${count === 1 ? "refusal is" : "refusals are"} kept for the alarm: other content under an event's id. A security officer looks at them: session-ledger refused.`;
  if (alarm.hidden === !count && alarm.dataset.count === String(count)) return;
  alarm.dataset.count = String(count);
  alarm.hidden = !count;
  fill(alarm, count > 0 && sign("warning"), count > 0 && el("span", {}, words));
}

/** Once a second, and after every answer. */
function tick() {
  const now = isPast() ? feed.floor && Date.parse(feed.floor.now) : feed.clock.now();
  if (now !== null && !Number.isNaN(now)) {
    for (const each of ticking) each(now);
    say(byId("now"), clockToSecond(now, feed.floor?.rooms[0]?.zone));
  }
  showFreshness();
  showNotice();
}

/** The pill: seconds run in a part that is not announced, the word is said when it changes. */
function showFreshness() {
  const { tone, word, why } = feed.freshness();
  if (live.dataset.tone !== tone || live.dataset.word !== word) {
    live.dataset.tone = tone;
    live.dataset.word = word;
    fill(byId("live-sign"), sign(tone === "live" ? "live" : tone === "waiting" ? "clock" : "broken"));
    say(byId("live-word"), word);
    document.documentElement.dataset.freshness = tone;
  }
  say(byId("live-why"), why);
}

/** What stands in place of the rows: nothing today, nobody signed in, no answer yet. */
function showNotice() {
  const { floor, trouble } = feed;
  const stopped = isStopped(trouble);
  rows.hidden = stopped || !floor?.rooms.length;
  if (trouble && (stopped || !floor)) advise(notice, advice(trouble));
  else if (!floor) advise(notice, { name: "loading", sign: "clock", title: "Loading the floor", text: "One moment." });
  else if (floor.rooms.length) advise(notice, null);
  else {
    const text = `No session is open. One appears here by itself when it is opened. As of position ${floor.position}.`;
    advise(notice, { name: "empty", sign: "none", title: "No sessions today", text });
  }
}

/** Say once, to who cannot see it. @param {string} text */
function announce(text) {
  if (announced.has(text)) return;
  announced.add(text);
  byId("alert").textContent = text;
}

/** A screen for everybody to walk past: the service then gives it no readings and never locks it. */
function offerWall() {
  const offer = byId("wall-offer");
  offer.hidden = kiosk;
  offer.querySelector("button")?.addEventListener("click", async () => {
    await post("/v1/auth/board");
    location.assign("/board?kiosk=1");
  });
}

/** The bar, and who is here; without an answer it is tried again, and the page says why it is empty. */
async function begin() {
  try {
    await frame();
  } catch (error) {
    advise(notice, advice(error));
    setTimeout(begin, 3000);
    return;
  }
  if (isPast()) {
    await feed.past();
    if (!feed.floor) offerPast(main, zone());
    document.addEventListener("ledger-unlocked", () => feed.past());
    return;
  }
  offerWall();
  feed.start();
  setInterval(tick, 1000);
  document.addEventListener("ledger-unlocked", () => feed.ask());
}

void begin();
