// What becomes of the rows: a large number for each outcome, and the rows of the one that is open.

import { lead, Refused, rows, rowsFile } from "./api.js";
import { button, element, field, isField, listed, number, OUTCOMES, quoted, rowsOf } from "./words.js";

const PAGE = 20;
const CELLS = 12;

export class Rows {
  constructor(counts, place) {
    Object.assign(this, { counts, place, job: null, look: null, outcome: null });
  }

  // counts: what is shown; past: whether it is done or would be.
  show(job, look, counts, past) {
    const anew = this.job?.id !== job.id || this.job.status !== job.status;
    Object.assign(this, { job, look });
    if (anew) this.close();
    this.counts.hidden = !counts;
    if (!counts) return;
    const title = element("h3", { id: "counts-title", tabIndex: -1 }, past ? "What became of the rows" : "What would happen");
    if (!this.made || anew) {
      this.made = Object.keys(OUTCOMES).map((outcome) => [outcome, this.card(outcome)]);
      this.counts.replaceChildren(title, element("div", { className: "outcomes" }, ...this.made.map(([, card]) => card)));
    }
    for (const [outcome, card] of this.made) {
      card.querySelector(".number").textContent = number(counts[outcome]);
      card.disabled = counts[outcome] === 0;
    }
  }

  card(outcome) {
    const [word, meaning] = OUTCOMES[outcome];
    const made = button("", () => (this.outcome === outcome ? this.close() : this.open(outcome)),
      { className: "outcome", data: { outcome }, "aria-expanded": "false", "aria-controls": "rows" });
    made.append(element("span", { className: "number" }), element("span", { className: "word" }, word), element("span", { className: "meaning" }, meaning));
    return made;
  }

  close() {
    this.outcome = null;
    this.place.hidden = true;
    this.place.replaceChildren();
    this.mark();
  }

  clear() {
    this.close();
    Object.assign(this, { job: null, look: null, made: null, list: null });
    this.counts.replaceChildren();
  }

  mark() {
    for (const [outcome, card] of this.made ?? []) card.setAttribute("aria-expanded", String(outcome === this.outcome));
  }

  open(outcome) {
    this.outcome = outcome;
    this.mark();
    this.problem = element("p", { className: "problem", role: "alert" });
    this.list = element("ol", { className: "rows", "aria-labelledby": "rows-title" });
    this.more = button("Show more", () => this.load(this.next), { hidden: true });
    const save = button("Download as CSV", (made) => this.save(made), { hidden: this.look === null });
    this.place.replaceChildren(...[
      element("div", { className: "line" }, element("h3", { id: "rows-title", tabIndex: -1 }, OUTCOMES[outcome][0]), save,
        button("Close", () => this.closed())),
      outcome === "refused" && element("p", { className: "quiet" }, "Download them, mend what is wrong, and bring the file in again."),
      this.list, this.problem, this.more,
    ].filter(Boolean));
    this.place.hidden = false;
    this.load(0);
  }

  closed() {
    const card = this.made.find(([outcome]) => outcome === this.outcome)?.[1];
    this.close();
    card?.focus();
  }

  async load(after) {
    const { list, more, problem, outcome, job } = this;
    more.hidden = false;
    more.disabled = true;
    more.textContent = "Loading …";
    try {
      const answer = await rows(job.id, { outcome, after, limit: PAGE });
      if (list !== this.list) return;
      const made = answer.rows.map((row) => this.row(row, answer.columns));
      list.append(...made);
      this.next = answer.next_after;
      more.hidden = !answer.next_after;
      problem.textContent = list.children.length ? "" : "No row is noted any more.";
      if (after && made.length) made[0].querySelector(".title").focus();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problem.textContent = error.words();
    } finally {
      more.disabled = false;
      more.textContent = "Show more";
    }
  }

  async save(made) {
    made.disabled = true;
    made.textContent = "Fetching …";
    try {
      const url = URL.createObjectURL(await rowsFile(this.job.id, this.outcome));
      element("a", { href: url, download: `import-${this.outcome}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      this.problem.textContent = "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.problem.textContent = error.words();
    } finally {
      made.disabled = false;
      made.textContent = "Download as CSV";
    }
  }

  row(row, columns) {
    const fields = this.look?.columns.map((column) => column.field) ?? [];
    const said = (row.cells ?? []).map((cell, at) => [columns[at], cell, fields[at]]).filter(([name, cell]) => name != null && cell !== "");
    const read = said.filter(([, , name]) => name);
    const shown = read.length ? read : said;
    const more = said.filter((one) => !shown.includes(one));
    return element("li", {},
      element("p", { className: "title", tabIndex: -1 }, `Row ${number(row.row)}`, row.reason && quoted("span", `: ${row.reason}`, { className: "reason" })),
      row.differing.length > 0 && element("p", {}, `Not known before: ${listed(row.differing.map(field))}`),
      row.known_row && element("p", {}, `The same person as row ${number(row.known_row)}`),
      row.kept && element("p", {}, "Stayed: somebody worked on this lead"),
      this.cells(shown.slice(0, CELLS), row.differing),
      shown.length > CELLS && this.folded(`${shown.length - CELLS} more`, shown.slice(CELLS), row.differing),
      more.length > 0 && this.folded("What was not read", more, []),
      row.known_lead_id && row.outcome !== "new" && this.known(row.known_lead_id));
  }

  cells(said, differing) {
    if (!said.length) return false;
    return element("dl", {}, ...said.flatMap(([name, cell, target]) => [
      quoted("dt", name), quoted("dd", cell, { className: differing.includes(target) ? "differs" : "" }),
    ]));
  }

  folded(word, said, differing) {
    return element("details", {}, element("summary", {}, word), this.cells(said, differing));
  }

  // Asked for only when somebody wants to see it: looking at a person's data is an access.
  known(id) {
    const place = element("div", { "aria-live": "polite" });
    const show = button("What is known", async () => {
      try {
        const { lead: found } = await lead(id);
        const facts = Object.entries(found).filter(([name, value]) => isField(name) && value && typeof value !== "object");
        place.replaceChildren(this.cells(facts.map(([name, value]) => [field(name), String(value)]), []) || "Nothing that can be shown.");
        show.hidden = true;
        place.tabIndex = -1;
        place.focus();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        place.textContent = error.status === 404 ? "That lead is not there any more." : error.words();
      }
    });
    return element("div", { className: "known" }, show, place);
  }
}

export const summary = (counts) => `${rowsOf(counts.rows)}: ${Object.keys(OUTCOMES).filter((outcome) => counts[outcome])
  .map((outcome) => `${number(counts[outcome])} ${OUTCOMES[outcome][0].toLowerCase()}`).join("; ")}`;
