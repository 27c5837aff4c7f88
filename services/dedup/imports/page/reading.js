// What was understood of a file: which field each column holds, and what else is to be said of it.

import { element, field, GROUPS, listed, many, number, quoted } from "./words.js";

const AT_ONCE = 60;
const SHOWN_MOST = 1000;
const SAMPLE_COLUMNS = 40;
const ENCODINGS = ["utf-8", "cp1252", "utf-16", "iso-8859-1", "iso-8859-15", "cp1250", "cp1251", "shift_jis", "gb18030"];
const WHY = { chosen: "You said so", heading: "By its name", values: "By what stands in it" };
const REGIONS = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

export class Reading {
  // change(said) has the file read otherwise, and answers whether that went well.
  constructor(place, { change }) {
    Object.assign(this, { place, change, id: null, columns: [], shown: 0 });
    this.problem = element("p", { className: "problem", role: "alert" });
    this.notes = element("div", { className: "notes" });
    this.list = element("ul", { className: "columns" });
    this.more = element("button", { type: "button", hidden: true });
    this.more.addEventListener("click", () => this.further());
    this.sample = element("div");
    this.options = element("div", { className: "options" });
    const title = element("h3", { id: "reading-title", tabIndex: -1 }, "What was understood");
    this.inside = element("div", {}, this.options, this.notes, element("h4", {}, "Columns"), this.problem, this.list, this.more, this.sample);
    this.fold = element("details", {}, element("summary", {}, title), this.inside);
    place.append(this.fold);
  }

  // Somebody else may sit down here: nothing of the file stays in the page.
  clear() {
    Object.assign(this, { id: null, asked: null, look: null, columns: [], shown: 0 });
    [this.list, this.notes, this.options, this.sample].forEach((part) => part.replaceChildren());
  }

  show(job, look) {
    const names = JSON.stringify([job.id, look.columns.map((column) => column.column)]);
    if (this.id !== names) {
      this.id = names;
      [this.columns, this.shown] = [[], 0];
      this.list.replaceChildren();
      this.problem.textContent = "";
      this.fold.open = job.status === "uploaded";
    }
    this.look = look;
    this.columns.forEach((column, at) => column.update(look.columns[at]));
    if (!this.shown) this.further(false);
    this.note(look);
    this.ask(job, look);
    this.sampled(look);
  }

  further(focus = true) {
    const first = this.shown;
    for (const column of this.look.columns.slice(first, first + AT_ONCE)) {
      const made = this.column();
      made.update(column);
      this.columns.push(made);
      this.list.append(made.item);
    }
    this.shown = this.columns.length;
    const left = this.look.columns.length - this.shown;
    this.more.hidden = left === 0;
    this.more.textContent = `Show ${Math.min(left, AT_ONCE)} more of ${many(left, "column", "columns")}`;
    if (focus) this.columns[first]?.select.focus();
  }

  column() {
    const name = quoted("strong", "", { className: "name" });
    const examples = quoted("p", "", { className: "examples" });
    const why = element("span", { className: "quiet" });
    const fault = element("p", { className: "problem", role: "alert" });
    const select = element("select", {}, element("option", { value: "" }, "Not read"), ...GROUPS.map(([group, fields]) =>
      element("optgroup", { label: group }, ...Object.entries(fields).map(([value, word]) => element("option", { value }, word)))));
    const item = element("li", {}, element("div", { className: "said" }, name, examples), element("div", { className: "choice" }, select, why), fault);
    const made = { item, select, update: (column) => {
      name.textContent = column.column;
      examples.textContent = column.examples.length ? column.examples.join("  ·  ") : "Empty so far";
      examples.classList.toggle("quiet", !column.examples.length);
      select.setAttribute("aria-label", `Column ${column.column} holds`);
      if (!made.asking) select.value = column.field ?? "";
      item.classList.toggle("unread", !column.field);
      why.textContent = column.field ? WHY[column.why] ?? "" : "";
      made.column = column.column;
    } };
    select.addEventListener("change", async () => {
      made.asking = true;
      const problem = await this.change({ columns: { [made.column]: select.value } });
      made.asking = false;
      fault.textContent = problem ? problem.words() : "";
    });
    return made;
  }

  note({ columns, conflicts, unread, problem }) {
    const clashes = conflicts.map(({ field: name, columns: claiming, further }) => element("p", { className: "clash" },
      `${many(claiming.length, "column", "columns")} are taken for ${field(name)}: `, quoted("strong", listed(claiming)),
      `. The first that says something counts; what the others say ${further ? `is read as ${field(further)}` : "is left out"}.`));
    const cut = columns.length >= SHOWN_MOST && element("p", { className: "quiet" }, `Only the first ${number(SHOWN_MOST)} columns are shown here; all are read.`);
    const left = unread.length > 0 && element("p", { className: "quiet" },
      `Not read: ${many(unread.length, "column", "columns")}, `, quoted("span", listed(unread.slice(0, 8))), unread.length > 8 ? " and more." : ".");
    const unreachable = problem && element("p", { className: "problem" },
      "No column is known to hold an email or a phone. Say below which one does: without, nobody could be reached.");
    this.notes.replaceChildren(...[unreachable, ...clashes, left, cut].filter(Boolean));
  }

  // Made once for a file, so that whoever types there goes on.
  ask(job, look) {
    const made = [job.id, job.kind, look.sheets].join();
    if (this.asked !== made) {
      this.asked = made;
      this.fields = [
        look.sheets.length > 1 && this.option("sheet", "Sheet", this.chosen(look.sheets)),
        job.kind === "csv" && this.option("encoding", "Encoding", this.chosen([...new Set([look.encoding, ...ENCODINGS])]), "Change it if letters look wrong below."),
        this.option("source_id", "Where the list is from", element("input", { maxLength: 255, autocomplete: "off" }), "Stands as the source on each of its leads."),
        this.option("country", "Country of phone numbers", element("input", { maxLength: 2, autocomplete: "off", className: "short" }), ""),
        this.option("consent_version", "What everybody agreed to", element("input", { maxLength: 255, autocomplete: "off", placeholder: "Not known" }),
          "The name or version of your consent text, only if everybody in the file agreed to it. Or choose the column that holds it below."),
        this.option("tell", "Tell of new leads", element("select", {}, element("option", { value: "" }, "Nobody"), element("option", { value: "true" }, "Webhooks and alerts, as of any lead"))),
      ].filter(Boolean);
      this.options.replaceChildren(...this.fields.map(({ item }) => item));
    }
    const said = { ...job.options, sheet: job.options.sheet ?? look.sheets[0], encoding: look.encoding, tell: job.options.tell ? "true" : "" };
    for (const one of this.fields) {
      if (one.asking || one.control === document.activeElement && one.control.tagName === "INPUT") continue;
      one.control.value = said[one.name] ?? "";
      if (one.name === "country") one.hint.textContent = this.region(one.control.value);
    }
  }

  option(name, word, control, hint = "") {
    const hinted = element("span", { className: "quiet", id: `hint-${name}` }, hint);
    const fault = element("span", { className: "problem", role: "alert", id: `fault-${name}` });
    control.id = `option-${name}`;
    control.setAttribute("aria-describedby", `${hinted.id} ${fault.id}`);
    const one = { name, control, hint: hinted, item: element("div", {}, element("label", { htmlFor: control.id }, word), control, hinted, fault) };
    if (name === "country") control.addEventListener("input", () => (hinted.textContent = this.region(control.value)));
    control.addEventListener("change", async () => {
      one.asking = true;
      const text = control.value.trim();
      const said = name === "tell" ? text === "true" : text || (name === "source_id" || name === "country" ? "" : null);
      const problem = await this.change({ [name]: said });
      one.asking = false;
      fault.textContent = problem ? problem.details[name] ? `It ${problem.details[name]}.` : problem.words() : "";
      control.setAttribute("aria-invalid", String(Boolean(problem)));
    });
    return one;
  }

  chosen(values) {
    return element("select", { dir: "auto" }, ...values.filter(Boolean).map((value) => element("option", { value }, value)));
  }

  region(code) {
    const known = /^[a-z]{2}$/i.test(code) && REGIONS.of(code.toUpperCase());
    return `${known ? `${known}. ` : ""}Reads numbers without a country in front; two letters, as US or DE.`;
  }

  sampled({ columns, sample }) {
    const few = columns.slice(0, SAMPLE_COLUMNS);
    const head = element("tr", {}, element("th", { scope: "col" }, "Row"), ...few.map(({ column, field: name }) =>
      element("th", { scope: "col", className: name ? "" : "unread" }, quoted("span", column), element("small", {}, name ? field(name) : "not read"))));
    const lines = sample.map(({ row, cells, fault }) => element("tr", {}, element("th", { scope: "row" }, number(row)),
      ...(fault ? [element("td", { colSpan: few.length, className: "problem" }, `It ${fault}.`)]
        : few.map((column, at) => quoted("td", cells[at] ?? "", { className: column.field ? "" : "unread" })))));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines));
    const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "The first rows as they are read" }, table);
    const old = this.sample.querySelector(".scroll");
    const left = old?.scrollLeft ?? 0;
    this.sample.replaceChildren(element("h4", {}, "The first rows"), scroll);
    scroll.scrollLeft = left;
  }
}
