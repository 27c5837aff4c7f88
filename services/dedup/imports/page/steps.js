// How far an import is, and what there is to decide: go on, stop, or take it back.

import { button, changeable, element, kept, lasting, leadsOf, listed, many, moment, number, quoted, rowsOf, stored, undoable } from "./words.js";

const SLOW_START_MS = 15_000;

const DOING = {
  uploading: "The file arrives.",
  previewing: "Every row is checked against what is known. Nothing is stored as a lead.",
  importing: "Every row passes the duplicate check once more and is stored.",
  undoing: "The leads of this import are erased.",
};

export class Progress {
  constructor(place) {
    this.place = place;
    this.words = element("p", { id: "progress-words" });
    this.bar = element("progress", { "aria-labelledby": "progress-words" });
    this.rate = element("p", { className: "quiet" });
    place.append(this.words, this.bar, this.rate);
  }

  show(job) {
    this.place.hidden = !(job.status in DOING);
    if (this.place.hidden) return (this.since = null);
    const undoing = job.status === "undoing";
    const total = undoing ? stored(job.imported) : job.rows_total;
    this.words.textContent = DOING[job.status];
    this.since ??= { at: Date.now(), status: job.status };
    if (this.since.status !== job.status) this.since = { at: Date.now(), status: job.status };
    if (total) Object.assign(this.bar, { max: total, value: Math.min(job.rows_done, total) });
    else this.bar.removeAttribute("value");
    this.rate.textContent = this.told(job, total, undoing);
  }

  told(job, total, undoing) {
    if (job.waiting) return "Another file is under way; this one comes after it.";
    if (!job.started_at) {
      return Date.now() - this.since.at > SLOW_START_MS ? "It has not begun yet. Is the worker running?" : "It begins in a moment.";
    }
    const done = total ? `${number(job.rows_done)} of ${undoing ? leadsOf(total) : rowsOf(total)}` : `${rowsOf(job.rows_done)} so far`;
    return [done, job.rows_per_second && `${number(Math.round(job.rows_per_second))} ${undoing ? "leads" : "rows"} a second`,
      job.seconds_left !== null && `about ${lasting(job.seconds_left)} left`].filter(Boolean).join(" · ");
  }
}

export class Decision {
  // do: what each button has done, by its name.
  constructor(place, acts) {
    Object.assign(this, { place, acts, made: null });
  }

  show(job, look) {
    const made = JSON.stringify([job.id, job.status, job.previewed, job.imported, job.resumable, job.undone, job.kept, job.options, look?.problem ?? null, kept(job)]);
    if (made === this.made) return;
    this.made = made;
    const parts = this.parts(job, look);
    const held = this.place.contains(document.activeElement);
    this.place.hidden = !parts;
    this.place.replaceChildren(...(parts ?? []).filter(Boolean));
    if (held) (this.place.querySelector("h3") ?? document.getElementById("title")).focus();
  }

  parts(job, look) {
    const { status } = job;
    const again = changeable(job) && (status === "uploaded" || status === "failed");
    if (again) return this.checking(job, look);
    if (status === "previewing") return [button("Discard this file", (made) => this.acts.cancel(made))];
    if (status === "previewed" && kept(job)) return this.confirming(job);
    if (status === "importing") return [button("Stop here", (made) => this.acts.cancel(made))];
    return this.ended(job);
  }

  clear() {
    this.made = null;
    this.place.replaceChildren();
  }

  title(words) {
    return element("h3", { id: "decision-title", tabIndex: -1 }, words);
  }

  fault() {
    return element("p", { className: "problem", role: "alert", id: "decision-problem" });
  }

  checking(job, look) {
    const go = button("See what would happen", (made) => this.acts.preview(made), { className: "strong", disabled: Boolean(look?.problem) });
    return [
      this.title(job.status === "failed" ? "Try again" : "Are the columns right?"),
      element("p", {}, "Look below at what was understood and change what is wrong. Then every row is checked, and you see what would happen to it. Nothing is stored as a lead yet."),
      look?.problem && element("p", { className: "problem" }, "First say below which column holds an email or a phone."),
      element("div", { className: "line" }, go, button("Discard this file", (made) => this.acts.cancel(made))),
      this.fault(),
      element("p", { className: "quiet" }, `The file is kept encrypted until ${moment(job.expires_at)} and then deleted.`),
    ];
  }

  confirming(job) {
    const counts = job.previewed;
    const leads = stored(counts);
    const discard = button("Discard this file", (made) => this.acts.cancel(made));
    if (!leads) {
      return [this.title("Nothing to import"),
        element("p", {}, counts.rows ? "No row of this file would become a lead. Open “Left out” to see why, or change below how the file is read." : "The file has no rows."),
        element("div", { className: "line" }, discard), this.fault()];
    }
    const known = leads - counts.new;
    const whose = [
      counts.new > 0 && many(counts.new, "new person", "new people"),
      known > 0 && many(known, "further record of somebody who is or may be known", "further records of people who are or may be known"),
    ].filter(Boolean);
    return [
      this.title("Bring them in?"),
      element("p", { className: "large" },
        `${leadsOf(leads)} will be stored: ${listed(whose)}.`,
        counts.refused > 0 && ` ${rowsOf(counts.refused)} will be left out.`),
      element("p", {}, "Nothing has been written until now. Afterwards you have a week to take all of it back."),
      this.facts(job),
      element("div", { className: "line" }, button(`Store ${leadsOf(leads)}`, (made) => this.acts.confirm(made), { className: "strong" }), discard),
      this.fault(),
      element("p", { className: "quiet" }, `Without your yes the file is deleted on ${moment(job.expires_at)}.`),
    ];
  }

  facts({ options }) {
    const told = [
      ["Source", options.source_id],
      ["Agreed to", options.consent_version ?? "Only what a column of consent says, if there is one"],
      ["Who hears of them", options.tell ? "Webhooks and alerts" : "Nobody"],
    ];
    return element("div", {},
      element("dl", {}, ...told.flatMap(([name, value]) => [element("dt", {}, name), quoted("dd", value)])),
      button("Change this", () => this.acts.read(), { className: "plain" }),
      element("span", { className: "quiet" }, " The file is then checked anew."));
  }

  ended(job) {
    const parts = [];
    if (job.failure) parts.push(element("p", { className: "problem" }, `Why it ended: ${job.failure}`));
    if (job.status === "undone") {
      parts.push(this.title("Taken back"), element("p", { className: "large" }, `${leadsOf(job.undone)} of this import ${job.undone === 1 ? "was" : "were"} erased.`,
        job.kept > 0 && ` ${leadsOf(job.kept)} stayed, because people worked on them since.`));
      if (job.kept > 0 && kept(job)) parts.push(button("Erase those, too", (made) => this.acts.undo(made, true)));
    }
    if (job.resumable && kept(job)) {
      parts.push(this.title("Go on?"),
        element("p", {}, `${rowsOf(job.imported.rows)} ${job.imported.rows === 1 ? "is" : "are"} in. The others follow, and none is taken twice.`),
        element("div", { className: "line" }, button("Go on where it stopped", (made) => this.acts.confirm(made), { className: "strong" })));
    }
    if (undoable(job)) {
      parts.push(!parts.length && this.title("Was it a mistake?"),
        element("p", {}, `Until ${moment(job.expires_at)} you can take back all that this import stored.`),
        element("div", { className: "line" }, button("Take it back …", (made) => this.acts.undo(made))));
    }
    return parts.length ? [...parts, this.fault()] : this.gone(job);
  }

  gone(job) {
    return job.expires_at === null && job.status !== "cancelled"
      ? [element("p", { className: "quiet" }, "The file and what was noted of its rows are deleted; the counts stay.")] : null;
  }
}

// Asks before something that cannot be taken back; answers null for no, else what was ticked.
export function asked(dialog, { title, words, tick, yes }) {
  return new Promise((resolve) => {
    const box = element("input", { type: "checkbox", id: "tick" });
    const go = button(yes, () => dialog.close("yes"), { className: "danger" });
    const no = button("No, leave it", () => dialog.close(""));
    dialog.replaceChildren(
      element("h2", { id: "dialog-title" }, title), ...words.map((text) => element("p", {}, text)),
      ...(tick ? [element("p", { className: "tick" }, box, element("label", { htmlFor: "tick" }, tick))] : []),
      element("div", { className: "line" }, no, go));
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? { ticked: box.checked } : null), { once: true });
    dialog.showModal();
    no.focus();
  });
}
