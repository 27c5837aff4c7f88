// Numbers, times, fields and states as people read them.

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const NUMBER = new Intl.NumberFormat("en");
const LISTED = new Intl.ListFormat("en");

export const moment = (text) => DAY.format(new Date(text));
export const number = (value) => NUMBER.format(value);
export const listed = (words) => LISTED.format(words);
export const many = (count, one, more) => `${number(count)} ${count === 1 ? one : more}`;
export const rowsOf = (count) => many(count, "row", "rows");
export const leadsOf = (count) => many(count, "lead", "leads");

export function size(bytes) {
  const [unit, bytesEach] = [["MB", 1e6], ["KB", 1e3]].find(([, each]) => bytes >= each) ?? ["bytes", 1];
  return `${number(Math.round((bytes / bytesEach) * 10) / 10)} ${unit}`;
}

export function lasting(seconds) {
  if (seconds < 50) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 50 * 60) return many(Math.max(1, Math.round(seconds / 60)), "minute", "minutes");
  return many(Math.round(seconds / 360) / 10, "hour", "hours");
}

export const GROUPS = [
  ["How they are reached", {
    email: "Email", phone: "Phone", other_email: "Further email", other_phone: "Further phone",
  }],
  ["Who they are", {
    name: "Whole name", first_name: "First name", last_name: "Last name", job_title: "Job title",
    date_of_birth: "Date of birth",
  }],
  ["Their company", {
    company: "Company", website: "Website", industry: "Industry", company_size: "Company size",
    revenue: "Revenue", founded_year: "Year founded",
  }],
  ["Where they are", {
    street: "Street", city: "City", state: "State or region", postal_code: "Postal code",
    country: "Country", location: "Place in words",
  }],
  ["What they want", {
    message: "Message", loan_amount: "Loan amount", currency: "Currency", lead_category: "Category",
    lead_type: "Type of lead", notes: "Notes", investigation_id: "Investigation",
  }],
  ["About the row", {
    consent: "Consent (yes or no, or which text)", submitted_at: "When they wrote", id: "Number of the row in your system",
  }],
];

const FIELDS = Object.assign({}, ...GROUPS.map(([, fields]) => fields));
export const isField = (name) => name in FIELDS;
export const field = (name) => FIELDS[name] ?? name.replaceAll("_", " ");

export const OUTCOMES = {
  new: ["New", "Nobody we know yet."],
  update: ["Known, with news", "Somebody we know, of whom the row says something new. It is added; nothing is overwritten."],
  duplicate: ["Known, nothing new", "Somebody we know, and the row says nothing new. It is noted with their other records."],
  conflict: ["To be looked at", "Perhaps somebody we know, or the row says otherwise than we know. It is stored, and waits for a person to decide."],
  refused: ["Left out", "Cannot be read or reached, lacks consent, or is turned away. Nothing of it is stored."],
};

export const WORKING = ["uploading", "previewing", "importing", "undoing"];
export const UNCONFIRMED = ["uploaded", "previewing", "previewed"];

export const kept = (job) => job.expires_at !== null && new Date(job.expires_at) > Date.now();
export const stored = (counts) => counts.rows - counts.refused;
export const changeable = (job) => kept(job) && (UNCONFIRMED.includes(job.status) || (job.status === "failed" && !job.imported.rows));
export const undoable = (job) => kept(job) && ["done", "cancelled", "failed"].includes(job.status) && stored(job.imported) > 0;

const STATES = {
  uploading: "Arriving", uploaded: "Waits for you to look at its columns", previewing: "Being checked",
  previewed: "Checked; waits for your yes", importing: "Being imported", done: "Imported",
  undoing: "Being undone", undone: "Undone", failed: "Failed",
};

export function state(job) {
  if (UNCONFIRMED.includes(job.status) && !kept(job)) return "Not imported; the file was deleted";
  if (job.status === "cancelled") return job.imported.rows ? "Stopped" : "Discarded";
  return STATES[job.status] ?? job.status;
}

// All text enters the page here, as text: a file may say <script>.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { data = {}, ...others } = properties;
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(others)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return made;
}

export function button(word, act, properties = {}) {
  const made = element("button", { type: "button", ...properties }, word);
  made.addEventListener("click", () => act(made));
  return made;
}

// What a file says may be of any alphabet, and run from either side.
export const quoted = (name, text, properties = {}) => element(name, { dir: "auto", ...properties }, text);
