/** What every action of the room works with: the newest answer of the service, who is here, and how an act is recorded. */

import { get } from "./http.js";
import { asOf } from "./past.js";
import { ownSignature, staffSignature } from "./keyring.js";
import { overrides } from "./override.js";
import { record } from "./recording.js";
import { instantNow, learn, toInstant } from "./server_time.js";
import { localWording } from "./times.js";

/** @import {Act, Signature, When} from "./recording.js" */
/** @import {Colleague} from "./keyring.js" */

export class Room {
  /** @param {string} uuid @param {{owner: string, code: string, roles: string[]}} me */
  constructor(uuid, me) {
    this.uuid = uuid;
    this.me = me;
    this.answer = /** @type {any} */ (null);
    this.terms = /** @type {any} */ (null);
    /** What was authorised on this tablet, by slot: the only default a dose has. */
    this.authorised = /** @type {Record<string, string>} */ ({});
    this.wanted = 0;
    this.asking = /** @type {Promise<void> | null} */ (null);
    this.changed = () => {};
    this.said = (/** @type {string} */ _words) => {};
  }

  /**
   * Ask again, until the answer holds what was recorded at this log size; questions asked meanwhile share an answer.
   *
   * @param {number} [atLeast]
   */
  load(atLeast = 0) {
    this.wanted = Math.max(this.wanted, atLeast);
    this.again = this.asking !== null; // an answer on its way may be older than what is asked for now
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  async ask() {
    let size;
    do {
      size = this.wanted;
      this.again = false;
      const query = size ? `?at_least=${size}` : "";
      const [answer, terms] = await Promise.all([get(asOf(`/v1/sessions/${this.uuid}/room${query}`)), get(asOf(`/v1/sessions/${this.uuid}/terms${query}`))]);
      learn(answer.now);
      this.answer = answer;
      this.terms = terms;
    } while (this.wanted > size || this.again);
    this.changed();
  }

  get session() {
    return this.answer.session;
  }

  get stream() {
    return this.answer.session.id;
  }

  get zone() {
    return this.answer.session.location.zone || "UTC";
  }

  /** @param {"a" | "b"} slot */
  partner(slot) {
    return this.answer.partners[slot];
  }

  /** The newest event of a type on a partner's record, as a reference. @param {"a" | "b"} slot @param {string} type */
  last(slot, type) {
    return this.partner(slot).last[type] ?? null;
  }

  /** As another event names it: digest and id only. @param {"a" | "b"} slot @param {string} type */
  reference(slot, type) {
    const found = this.last(slot, type);
    return found && { dig: found.dig, id: found.id };
  }

  /** An end of not driving as an event holds it: the instant, and the words that were shown. @param {number} at */
  untilWhen(at) {
    return { at: toInstant(at), local: localWording(at, this.zone) };
  }

  /** The service's time now. */
  nowText() {
    return instantNow();
  }

  /** Record an act; the room is asked again once it is proven. @param {Act} act */
  async record(act) {
    const proven = await record(act, this.zone).catch((error) => {
      throw Object.assign(error, { wayOut: (/** @type {any[]} */ blocked) => overrides(this, act.type, blocked) });
    });
    this.said(proven ? `Recorded · ${act.words} · receipt ${proven.position} checked` : `Signed and kept here · ${act.words} · sent when the network is back`);
    if (proven) this.load(proven.position + 1).catch(() => {});
    return proven;
  }

  /** @param {string} type @param {Colleague} who @param {string} [meaning] @returns {Signature} */
  staffSigns(type, who, meaning) {
    const signature = staffSignature(type, who, meaning);
    if (!signature) throw new Error(`${who.code} signs no ${type}.`);
    return signature;
  }

  /** @param {string} type @param {"a" | "b"} slot @returns {Signature} */
  partnerSigns(type, slot) {
    return ownSignature(type, `${this.stream}/${slot}`);
  }
}
