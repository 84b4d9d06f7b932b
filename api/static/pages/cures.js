/** What to do about an objection that nobody may override: there is only the cure. */

/** By rule; each names what puts it right, never what was found. */
const CURES = /** @type {Record<string, string>} */ ({
  "CS-07": "Hand it to a place whose registration is in force.",
  "CS-09": "Wait until the years are over for which it is kept.",
  "ELIG-01": "A prescriber evaluates them anew, today if need be.",
  "ELIG-02": "A prescriber who holds these credentials here evaluates them.",
  "ELIG-03": "They sign a consent that covers this, on the form in force.",
  "ELIG-04": "They may agree to more once they are released.",
  "ELIG-05": "A prescriber resolves it in a new evaluation, or there is no dose.",
  "ORD-07": "Prepare their own container, or one of the clinic's.",
  "ORD-09": "A new consent in time, before the partner is dosed; afterwards the no is final for this session.",
  "PRE-02": "Wait for calmer readings; above this limit nobody is dosed.",
  "REC-03": "Somebody else signs.",
  "REC-11": "The other partner signs a release for it, or their part is left out.",
  "REC-12": "Answer the request first.",
  "REC-13": "Wait until its time has come and no hold stands.",
  "REC-14": "Say to whom, what, what for and on what ground.",
  "REL-05": "Somebody who may release signs it.",
  "REL-07": "Another escort who was not dosed, or they stay.",
  "REL-13": "Release with the later time.",
});

/** @param {string} rule */
export const cureOf = (rule) => CURES[rule] ?? "Put right what it names.";
