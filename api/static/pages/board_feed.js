/**
 * The floor as the service judges it, kept fresh, and an honest word about how fresh it is.
 *
 * It asks again when the stream names a new event, when the next deadline passes (there is no event then: time
 * alone changes the verdict), and every few seconds, so that silence is noticed and the clock stays right.
 */

import { ServerClock } from "./board_time.js";
import { isStopped } from "./board_trouble.js";
import { get } from "./http.js";
import { asOf, isPast } from "./past.js";

const HEARTBEAT = 5000;
const SILENCE = 12000;
const BREATH = 1500;
const LONGEST_TIMER = 60000;

/** @typedef {{tone: "live" | "stale" | "stopped" | "waiting", word: string, why: string}} Freshness */

export class Feed {
  clock = new ServerClock();
  /** @type {any} */ floor = null;
  /** Why the last answer was none. @type {any} */ trouble = null;
  #onFloor;
  /** @type {EventSource | null} */ #stream = null;
  #lostAt = 0;
  #answeredAt = 0;
  #isAsking = false;
  #askAgain = false;
  #atLeast = 0;
  #wasOff = 0;
  #doubted = false;
  #timer = 0;

  /** @param {() => void} onFloor called after every answer, also a bad one */
  constructor(onFloor) {
    this.#onFloor = onFloor;
  }

  /** The floor of the past, asked once: it changes no more. */
  async past() {
    try {
      this.floor = await get(asOf("/v1/floor"));
      this.trouble = null;
    } catch (error) {
      this.trouble = error;
    }
    this.#onFloor();
  }

  start() {
    this.#lostAt = performance.now();
    this.#listen();
    void this.ask();
    setInterval(() => this.ask(), HEARTBEAT);
    addEventListener("online", () => this.ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
  }

  /** Ask for the floor; who asks while an answer is on its way is answered right after. */
  async ask() {
    if (this.#isAsking) {
      this.#askAgain = true;
      return;
    }
    this.#isAsking = true;
    const asked = performance.now();
    try {
      const floor = await get(this.#atLeast ? `/v1/floor?at_least=${this.#atLeast}` : "/v1/floor");
      this.#take(floor, asked, performance.now());
    } catch (error) {
      this.trouble = error;
    }
    this.#isAsking = false;
    if (!this.#stream) this.#listen();
    this.#onFloor();
    if (this.#askAgain) {
      this.#askAgain = false;
      void this.ask();
    }
  }

  /** How fresh the page is at this moment; never silently stale. @returns {Freshness} */
  freshness() {
    if (isPast() && !isStopped(this.trouble)) return { tone: "stopped", word: "The past", why: "" };
    const now = performance.now();
    const silent = this.#answeredAt ? now - this.#answeredAt : 0;
    const age = `last update ${Math.floor(silent / 1000)} s ago`;
    if (isStopped(this.trouble)) return { tone: "stopped", word: "Stopped", why: this.trouble.message };
    if (!this.#answeredAt) return { tone: "waiting", word: "Loading", why: this.trouble?.message ?? "" };
    if (this.trouble && silent > BREATH) return { tone: "stale", word: "Not live", why: `${age}: ${lower(this.trouble.message)}` };
    if (silent > SILENCE) return { tone: "stale", word: "Not live", why: `${age}: no answer came since` };
    if (this.#lostAt && now - this.#lostAt > BREATH) return { tone: "stale", word: "Not live", why: `${age}: the live stream is lost` };
    if (this.#doubted) return { tone: "stale", word: "Clock wrong", why: `this screen's clock was ${Math.round(this.clock.drift / 1000)} s off; it is being set right` };
    if (this.clock.isVague) return { tone: "stale", word: "Clock unsure", why: "answers take so long that countdowns may be seconds off" };
    if (this.#wasOff && now - this.#wasOff < 60000) return { tone: "live", word: "Live", why: "this screen's clock was off and has been set right" };
    return { tone: "live", word: "Live", why: "" };
  }

  /** @param {any} answer @param {number} asked @param {number} received */
  #take(answer, asked, received) {
    this.clock.read(answer.now, asked, received);
    this.#doubted = this.clock.drift > 0;
    if (this.#doubted) {
      this.#wasOff = received;
      setTimeout(() => this.ask(), 400);
    }
    this.floor = answer;
    this.trouble = null;
    this.#answeredAt = received;
    this.#waitForNextChange();
  }

  /** Ask again right after the next instant at which a verdict changes by itself. */
  #waitForNextChange() {
    clearTimeout(this.#timer);
    const next = this.floor.next_change;
    const now = this.clock.now();
    if (!next || now === null) return;
    const wait = Date.parse(next) - now + 50;
    this.#timer = setTimeout(() => (wait > LONGEST_TIMER ? this.#waitForNextChange() : void this.ask()), Math.min(Math.max(wait, 50), LONGEST_TIMER));
  }

  #listen() {
    const stream = new EventSource("/v1/stream");
    this.#stream = stream;
    stream.onopen = () => {
      this.#lostAt = 0;
      void this.ask(); // what was recorded before the stream began
    };
    stream.onmessage = (event) => {
      this.#atLeast = Math.max(this.#atLeast, Number(event.lastEventId) || 0);
      void this.ask();
    };
    stream.onerror = () => {
      this.#lostAt ||= performance.now();
      if (stream.readyState === EventSource.CLOSED) this.#stream = null; // refused, not lost: a new one with the next answer
    };
  }
}

/** @param {string} text */
const lower = (text) => (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, "");
