// The page of imports: which file is open, how far it is, and what a click does.

import {
  account, cancel, change, columns, confirm, forgetKey, hasKey, keepKey, list, one, preview, Refused, undo,
} from "./api.js";
import { called, Past } from "./past.js";
import { Reading } from "./reading.js";
import { Rows, summary } from "./rows.js";
import { Sending } from "./sending.js";
import { asked, Decision, Progress } from "./steps.js";
import { changeable, kept, leadsOf, size, state, stored, WORKING } from "./words.js";

const ASK_MS = 1_000;
const LONGEST_ASK_MS = 15_000;

const $ = (id) => document.getElementById(id);
const news = (text) => ($("news").textContent = text);

let job = null;
let look = null;
let turn = 0; // what an older question answers is not shown
let changing = Promise.resolve();

const past = new Past({ place: $("imports"), none: $("none"), more: $("more"), problem: $("past-problem"), open: (id) => (location.hash = id), refused: unknown });
const reading = new Reading($("reading"), { change: otherwise });
const rows = new Rows($("counts"), $("rows"));
const progress = new Progress($("progress"));
const sending = new Sending({ begun: () => $("start").hidden && home(), arrived, stopped: () => past.load(), unknown });
const decision = new Decision($("decision"), { preview: check, confirm: store, cancel: stop, undo: takeBack, read: readAnew });

function show() {
  const shown = job.imported.rows > 0 || ["importing", "done", "undoing", "undone"].includes(job.status);
  const previewed = job.status === "previewed" && kept(job);
  document.title = `${called(job)} · Imports · LeadFly`;
  $("title").textContent = called(job);
  $("state").textContent = `${state(job)} · ${size(job.size)} · ${job.asked_by === "local" ? "from this machine" : `by ${job.asked_by}`}`;
  $("state").dataset.status = job.status;
  progress.show(job);
  rows.show(job, look, shown ? job.imported : previewed || job.previewed.rows && !WORKING.includes(job.status) ? job.previewed : null, shown);
  decision.show(job, look);
  $("reading").hidden = !look || !changeable(job);
  if (!$("reading").hidden) reading.show(job, look);
}

function take(answer) {
  const before = job?.id === answer.import.id ? job.status : null;
  job = answer.import;
  if (answer.columns) look = answer;
  show();
  if (before && before !== job.status) news(spoken());
}

function spoken() {
  const counts = job.imported.rows ? job.imported : job.previewed;
  return [state(job), WORKING.includes(job.status) || !counts.rows ? "" : summary(counts)].filter(Boolean).join(". ");
}

async function open(id) {
  const mine = (turn += 1);
  [job, look] = [null, null];
  try {
    const answer = await one(id);
    if (mine !== turn) return;
    job = answer.import;
    const seen = kept(job) && job.status !== "uploading" ? await columns(id).catch(fileFault) : null;
    if (mine !== turn) return;
    look = seen;
    place("import");
    show();
    $("title").focus();
    follow(mine);
  } catch (error) {
    if (mine !== turn || unknown(error)) return;
    home();
    $("problem").textContent = error.status === 404 || error.status === 400 ? "That file is not one of this account." : error.words();
  }
}

// What cannot be looked at any more can still be undone.
function fileFault(error) {
  if (!(error instanceof Refused) || error.status === 401) throw error;
  if (error.status !== 409) $("import-problem").textContent = error.words();
  return null;
}

async function follow(mine, pause = ASK_MS) {
  if (mine !== turn || !WORKING.includes(job.status)) return;
  await new Promise((resolve) => setTimeout(resolve, pause));
  if (mine !== turn) return;
  if (document.hidden) return follow(mine, pause);
  try {
    const answer = await one(job.id);
    if (mine !== turn) return;
    $("import-problem").textContent = "";
    take(answer);
    follow(mine);
  } catch (error) {
    if (mine !== turn || unknown(error)) return;
    $("import-problem").textContent = `${error.words()} Trying again.`;
    follow(mine, Math.min(2 * pause, LONGEST_ASK_MS));
  }
}

// Have something done to the open import; answers the refusal, or null.
async function done(asking) {
  const mine = (turn += 1);
  try {
    const answer = await asking();
    if (mine !== turn) return null;
    take(answer);
    follow(mine);
    return null;
  } catch (error) {
    if (unknown(error) || mine !== turn) return null;
    follow(mine);
    return error;
  }
}

// Several changes at once are sent one after another: each is made to what the others left.
function otherwise(said) {
  const { id } = job;
  const result = changing.then(() => (job?.id === id ? done(() => change(id, said)) : null));
  changing = result.catch(() => null);
  return result;
}

async function acted(made, asking) {
  made.setAttribute("aria-busy", "true");
  if (made.busy) return;
  made.busy = true;
  await changing;
  const error = await done(asking);
  made.busy = false;
  made.removeAttribute("aria-busy");
  // If somebody else was first, what is so by now is shown beside what was refused.
  if (error?.status === 409) await done(() => one(job.id));
  const at = $("decision-problem") ?? $("import-problem");
  at.textContent = error ? error.words() : "";
}

function check(made) {
  reading.fold.open = false;
  return acted(made, () => preview(job.id));
}

function store(made) {
  const { rows: _, ...seen } = job.previewed;
  return acted(made, () => confirm(job.id, seen));
}

async function stop(made) {
  const importing = job.status === "importing";
  const answer = await asked($("dialog"), importing
    ? { title: "Stop here?", words: ["What is stored by now stays; you can take it back afterwards. The rows below are not imported."], yes: "Stop" }
    : { title: "Discard this file?", words: ["The file is deleted. Nothing of it was stored as a lead."], yes: "Discard" });
  if (!answer) return;
  await acted(made, () => cancel(job.id));
  if (!importing && job?.status === "cancelled") home(true);
}

async function takeBack(made, rest = false) {
  const answer = await asked($("dialog"), rest
    ? { title: `Erase ${leadsOf(job.kept)}, too?`, words: ["People worked on them since. What they noted there goes, too, and cannot be brought back."], yes: `Erase ${leadsOf(job.kept)}` }
    : {
      title: `Take back ${leadsOf(stored(job.imported))}?`,
      words: [
        "All that this import stored is erased and cannot be brought back, except by importing the file again.",
        "What stays: everybody who was known before, with all that was known of them; and leads that somebody worked on since (changed, noted, judged, given away). They are counted.",
      ],
      tick: "Erase those that somebody worked on, too",
      yes: "Take it back",
    });
  if (answer) acted(made, () => undo(job.id, rest || answer.ticked));
}

function readAnew() {
  reading.fold.open = true;
  $("reading-title").focus();
  $("reading").scrollIntoView({ block: "start" });
}

function arrived(answer) {
  turn += 1;
  [job, look] = [answer.import, answer];
  history.pushState(null, "", `#${job.id}`);
  place("import");
  show();
  news(state(job));
  $("title").focus();
}

function place(which) {
  const opened = which === "import";
  $("start").hidden = $("past").hidden = opened;
  $("import").hidden = !opened;
  $("problem").textContent = $("import-problem").textContent = "";
}

function home(anew = false) {
  turn += 1;
  [job, look] = [null, null];
  if (location.hash) history.pushState(null, "", location.pathname + location.search);
  document.title = "Imports · LeadFly";
  place("start");
  past.load();
  if (anew) $("start-title").focus();
}

// True if the refusal means that nobody knows who asks.
function unknown(error) {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) askForKey(hasKey() ? error.message : "");
  return error.status === 401;
}

function askForKey(problem) {
  turn += 1;
  sending.stop();
  forgetKey();
  [job, look] = [null, null];
  $("dialog").close();
  [past, reading, rows, decision].forEach((part) => part.clear());
  $("title").textContent = $("state").textContent = $("news").textContent = "";
  document.title = "Imports · LeadFly";
  $("main").hidden = $("forget").hidden = $("account").hidden = true;
  $("key-problem").textContent = problem;
  $("key-form").hidden = false;
  $("key").focus();
}

async function begin() {
  try {
    await list({ limit: 1 });
  } catch (error) {
    if (error.status === 401 || error.status === 403) return askForKey(hasKey() ? error.message : "");
    $("problem").textContent = error.words();
  }
  $("key-form").hidden = true;
  $("main").hidden = false;
  $("forget").hidden = !hasKey();
  $("account").hidden = hasKey();
  $("user-id").value = account() ?? "";
  moved();
}

function moved() {
  if ($("main").hidden) return;
  const id = location.hash.slice(1);
  if (id) open(id);
  else home();
}

$("back").addEventListener("click", () => home(true));
$("forget").addEventListener("click", () => askForKey(""));
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keepKey($("key").value.trim());
  $("key").value = "";
  begin();
});
$("account").addEventListener("submit", (event) => {
  event.preventDefault();
  const who = $("user-id").value.trim();
  location.assign(location.pathname + (who ? `?user_id=${encodeURIComponent(who)}` : ""));
});
addEventListener("popstate", moved);
begin();
