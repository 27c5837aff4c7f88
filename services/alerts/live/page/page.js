// The page of alerts: what is asked for, what is shown, and what a click does.

import { account, act, forgetKey, hasKey, keepKey, list, one, Refused } from "./api.js";
import { Details } from "./details.js";
import { Live } from "./live.js";
import { Rows } from "./rows.js";
import { element, emptiness, isOpen, OPEN, plain } from "./words.js";

const PAGE = 50;
const MOST = 1000;
const LIST_ANEW_MS = 120_000; // an alert goes with its lead when that is erased, and nobody says so
const STATES = {
  live: "Live",
  asking: "Asking every 5 seconds",
  away: "The services do not answer; trying again",
};

const $ = (id) => document.getElementById(id);
const filters = $("filters");
const busy = new Set();
let listing = null;
let oldest = null; // where the list ends; of older ones only those that are urgent are shown

const rows = new Rows($("alerts"), { act: doing, open: (id) => show(id) });
const details = new Details($("details"), $("details-body"), { act: doing, closed: () => history.replaceState(null, "", address()) });
const live = new Live({ told, relist, state });

function asked() {
  return Object.fromEntries([...new FormData(filters)].map(([name, value]) => [name, value.trim()]));
}

function address(id = "") {
  const query = new URLSearchParams(Object.entries(asked()).filter(([name, value]) => (name === "status" ? value !== "open" : value)));
  if (account()) query.set("user_id", account());
  return `${location.pathname}${query.size ? `?${query}` : ""}${id && `#${id}`}`;
}

function wanted(alert) {
  const { status, priority, alert_type, acknowledged, assigned_to } = asked();
  return (!status || (status === "open" ? isOpen(alert) : alert.status === status))
    && (!priority || alert.priority === priority)
    && (!alert_type || alert.alert_type === alert_type)
    && (!acknowledged || String(alert.acknowledged) === acknowledged)
    && (!assigned_to || alert.assigned_to === assigned_to);
}

function told(alert) {
  if (listing) return listing.push(alert);
  place(alert, true);
}

function place(alert, fresh = false) {
  const known = rows.has(alert.id);
  if (!wanted(alert)) rows.remove(alert.id);
  else if (known || !oldest || alert.id >= oldest || urgentFirst(alert)) rows.put(alert, fresh);
  if (fresh && !known && wanted(alert)) say(`New alert, ${alert.priority}: ${alert.title}`);
  offerType(alert.alert_type);
  details.changed(alert);
  empty();
  count();
}

function urgentFirst(alert) {
  return rows.urgentFirst && alert.priority === "urgent";
}

function empty() {
  $("none").hidden = rows.size > 0;
  $("order").hidden = rows.size < 2;
  $("none-why").textContent = emptiness(asked());
  $("none-else").hidden = hasKey() || Boolean(account()); // only who needs no key may look elsewhere
}

async function relist() {
  if (listing) return;
  const meanwhile = (listing = []);
  const query = JSON.stringify(asked());
  try {
    const answer = await list({ ...asked(), limit: Math.min(Math.max(PAGE, rows.size), MOST) });
    if (meanwhile !== listing || query !== JSON.stringify(asked())) return;
    const first = answer.next_after && rows.urgentFirst && !asked().priority
      ? (await list({ ...asked(), priority: "urgent", limit: PAGE })).alerts : [];
    if (meanwhile !== listing || query !== JSON.stringify(asked())) return;
    const shown = [...answer.alerts, ...first];
    rows.keep(new Set(shown.map((alert) => alert.id)));
    ended(answer);
    shown.forEach((alert) => place(alert));
    empty();
    complain("");
    count();
  } catch (error) {
    refusedOr(error);
  } finally {
    if (listing === meanwhile) listing = null;
    meanwhile.forEach((alert) => place(alert, true));
  }
}

function ended(answer) {
  oldest = answer.next_after;
  $("more").hidden = !oldest;
}

async function older() {
  $("more").disabled = true;
  try {
    const answer = await list({ ...asked(), limit: PAGE, after: oldest });
    answer.alerts.forEach((alert) => rows.put(alert));
    ended(answer);
    count();
  } catch (error) {
    refusedOr(error);
  } finally {
    $("more").disabled = false;
  }
}

async function doing(id, name, body = {}, button = null) {
  if (body instanceof HTMLElement) [body, button] = [{}, body];
  if (busy.has(button)) return;
  if (button) busy.add(button); // not disabled: that would take the focus away
  try {
    const { alert } = await act(id, name, body);
    say(`${plain(name)}: ${alert.title}`);
    place(alert);
    details.changed(alert, true);
    complain("");
  } catch (error) {
    refusedOr(error, "This was not done.");
  } finally {
    busy.delete(button);
  }
}

async function show(id) {
  try {
    const { alert } = await one(id);
    history.replaceState(null, "", address(id));
    details.show(alert);
    if (alert.status === "new") doing(id, "read");
  } catch (error) {
    refusedOr(error);
  }
}

function state(word) {
  if (word === "refused") return askForKey("That key may not read alerts any more.");
  $("connection").dataset.state = word;
  if ($("connection").textContent !== STATES[word]) $("connection").textContent = STATES[word];
}

function refusedOr(error, before = "") {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) return askForKey(hasKey() ? error.message : "");
  complain(`${before} ${error.message}`.trim());
}

function complain(text) {
  $("problem").textContent = text;
  const open = $("details").open && text;
  if (open) $("details-body").prepend(element("p", { role: "alert" }, text));
}

const say = (text) => ($("news").textContent = text);

function count() {
  const fresh = [...$("alerts").children].filter((item) => item.dataset.status === "new").length;
  document.title = `${fresh ? `(${fresh}) ` : ""}Alerts · LeadFly`;
}

function offerType(type) {
  const choice = $("alert-type");
  if ([...choice.options].some((option) => option.value === type)) return;
  choice.append(element("option", { value: type }, plain(type)));
}

function askForKey(problem) {
  live.stop();
  forgetKey();
  $("details").close();
  rows.keep(new Set());
  $("main").hidden = $("forget").hidden = $("account").hidden = true;
  $("connection").textContent = "";
  $("key-problem").textContent = problem;
  $("key-form").hidden = false;
  $("key").focus();
}

async function begin() {
  try {
    await list({ limit: 1 });
  } catch (error) {
    if (error.status === 401 || error.status === 403) return askForKey(hasKey() ? error.message : "");
    complain(error.message);
  }
  $("key-form").hidden = true;
  $("main").hidden = false;
  $("forget").hidden = !hasKey();
  $("account").hidden = hasKey();
  $("user-id").value = account() ?? "";
  live.start();
  if (location.hash.length > 1) show(location.hash.slice(1));
}

function restore() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "alert_type") offerType(value);
    if (filters.elements[name]) filters.elements[name].value = value;
  }
}

filters.addEventListener("submit", (event) => event.preventDefault());
function sort() {
  rows.urgentFirst = OPEN.includes(asked().status);
  $("order").textContent = rows.urgentFirst ? "The most urgent first, then the newest." : "The newest first.";
}

filters.addEventListener("change", () => {
  history.replaceState(null, "", address());
  rows.keep(new Set());
  listing = oldest = null;
  sort();
  relist();
});
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keepKey($("key").value.trim());
  $("key").value = "";
  begin();
});
$("forget").addEventListener("click", () => askForKey(""));
$("account").addEventListener("submit", (event) => {
  event.preventDefault();
  const who = $("user-id").value.trim();
  location.search = who ? `?user_id=${encodeURIComponent(who)}` : "";
});
$("more").addEventListener("click", older);
window.addEventListener("hashchange", () => location.hash.length > 1 && show(location.hash.slice(1)));
setInterval(() => document.hidden || $("main").hidden || relist(), LIST_ANEW_MS);
restore();
sort();
$("choose").open = matchMedia("(min-width: 40.01rem)").matches || address().includes("?");
begin();
