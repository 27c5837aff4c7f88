// The files that were brought in so far, and what became of them.

import { list, Refused } from "./api.js";
import { element, kept, moment, quoted, size, state, UNCONFIRMED, WORKING } from "./words.js";
import { summary } from "./rows.js";

const PAGE = 20;

export const called = (job) => job.name ?? `A file of ${moment(job.asked_at)}`;

export class Past {
  constructor({ place, none, more, problem, open, refused }) {
    Object.assign(this, { place, none, more, problem, open, refused });
    more.addEventListener("click", () => this.older());
  }

  async load() {
    const answer = await this.page({ limit: PAGE });
    if (!answer) return;
    const focused = this.place.contains(document.activeElement) && document.activeElement.dataset.id;
    this.place.replaceChildren(...answer.imports.map((job) => this.item(job)));
    if (focused) this.place.querySelector(`[data-id="${focused}"]`)?.focus();
    this.none.hidden = answer.imports.length > 0;
  }

  async older() {
    this.more.disabled = true;
    const answer = await this.page({ limit: PAGE, after: this.next });
    this.more.disabled = false;
    const made = answer?.imports.map((job) => this.item(job)) ?? [];
    this.place.append(...made);
    made[0]?.querySelector("button").focus();
  }

  async page(query) {
    try {
      const answer = await list(query);
      this.next = answer.next_after;
      this.more.hidden = !answer.next_after;
      this.problem.textContent = "";
      return answer;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!this.refused(error)) this.problem.textContent = error.words();
      return null;
    }
  }

  clear() {
    this.place.replaceChildren();
    this.more.hidden = true;
  }

  item(job) {
    const open = quoted("button", called(job), { type: "button", className: "title", data: { id: job.id } });
    open.addEventListener("click", () => this.open(job.id));
    const status = WORKING.includes(job.status) ? "working" : UNCONFIRMED.includes(job.status) && kept(job) ? "waiting" : job.status;
    const counts = job.imported.rows ? job.imported : job.previewed;
    return element("li", { data: { status } },
      open,
      element("p", {}, element("strong", {}, state(job)), job.status === "failed" && job.failure ? `: ${job.failure}` : "",
        counts.rows > 0 && ` · ${summary(counts)}`),
      element("p", { className: "quiet" }, `${moment(job.asked_at)} · by ${job.asked_by} · ${size(job.size)}`));
  }
}
