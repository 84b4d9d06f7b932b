/** The words of the ledger as people in the room say them. */

export const PHASES = {
  arrival: "Arrival", preparation: "Preparation", dosing: "Dosing", onset: "Onset", peak: "Peak", dialogue: "Dialogue",
  "come-down": "Come-down", integration: "Integration", recovery: "Recovery", discharge: "Discharge",
};

export const TRAVEL = /** @type {[string, string][]} */ ([
  ["onsite-lodging", "Stays here"], ["shuttle", "Shuttle"], ["escort-car", "Escort's car"], ["accompanied-ride", "Accompanied ride"],
  ["solo-rideshare", "Rideshare alone"], ["public-transport", "Public transport"], ["on-foot", "On foot"], ["own-vehicle", "Drives themselves"], ["other", "Other"],
]);

export const DESTINATIONS = /** @type {[string, string][]} */ ([
  ["home", "Home"], ["onsite-lodging", "Lodging here"], ["hotel", "Hotel"], ["hospital", "Hospital"], ["other", "Other"],
]);

export const DISPOSITIONS = /** @type {[string, string][]} */ ([
  ["home-with-escort", "Home with an escort"], ["onsite-lodging", "Lodging here"], ["accompanied-ride", "Accompanied ride"],
  ["sober-partner", "Sober partner"], ["hospital", "Hospital"], ["not-dosed", "Was not dosed"], ["other", "Other"],
]);

export const IDENTIFIERS = /** @type {[string, string][]} */ ([
  ["name", "Name"], ["birth-date", "Birth date"], ["photo", "Photo"], ["wristband", "Wristband"], ["address", "Address"], ["phone", "Phone"],
]);

export const SCORES = /** @type {[string, string][]} */ ([["0", "0"], ["1", "1"], ["2", "2"]]);

/** @param {[string, string][]} pairs @param {string | null} value */
export const wordOf = (pairs, value) => pairs.find(([each]) => each === value)?.[1] ?? "–";

/** `A`. @param {"a" | "b"} slot */
export const letter = (slot) => slot.toUpperCase();
