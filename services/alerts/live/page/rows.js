// The list: a row for each alert, kept in place while it changes, so that focus stays where it is.

import { element, isOpen, marks, PRIORITIES } from "./words.js";

const QUICK = [
  ["acknowledge", "Acknowledge", "Somebody has it", (alert) => isOpen(alert) && !alert.acknowledged],
  ["action", "Done", "It led to something", (alert) => alert.status !== "actioned"],
  ["dismiss", "Dismiss", "It was not worth it", isOpen],
];

export class Rows {
  // act(id, name) does something with an alert; open(alert) shows all of it.
  constructor(place, { act, open }) {
    Object.assign(this, { place, act, open, rows: new Map(), urgentFirst: true });
    setInterval(() => this.rows.forEach((row) => row.update(row.alert)), 60_000);
  }

  get size() {
    return this.rows.size;
  }

  has(id) {
    return this.rows.has(id);
  }

  put(alert, fresh = false) {
    let row = this.rows.get(alert.id);
    const moved = row && row.alert.priority !== alert.priority && this.urgentFirst;
    if (!row) {
      row = this.row();
      this.rows.set(alert.id, row);
      row.item.dataset.id = alert.id;
      row.item.classList.toggle("fresh", fresh);
    }
    if (!row.alert || moved) this.insert(row.item, alert);
    row.update(alert);
  }

  // An alert that became more urgent moves up, and takes the focus with it.
  insert(item, alert) {
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    const others = [...this.place.children].filter((other) => other !== item);
    this.place.insertBefore(item, others.find((other) => this.before(alert, other.dataset)) ?? null);
    focused?.focus();
  }

  before(alert, other) {
    const apart = PRIORITIES.indexOf(alert.priority) - PRIORITIES.indexOf(other.priority);
    return this.urgentFirst && apart ? apart < 0 : alert.id > other.id;
  }

  remove(id) {
    const row = this.rows.get(id);
    if (!row) return;
    const neighbour = row.item.nextElementSibling ?? row.item.previousElementSibling;
    const focused = row.item.contains(document.activeElement);
    row.item.remove();
    this.rows.delete(id);
    if (focused) (neighbour?.querySelector(".title") ?? document.querySelector("#status")).focus();
  }

  keep(ids) {
    [...this.rows.keys()].filter((id) => !ids.has(id)).forEach((id) => this.remove(id));
  }

  row() {
    const title = element("button", { type: "button", className: "title" });
    const message = element("p", { className: "message" });
    const priority = element("span", { className: "priority" });
    const rest = element("span");
    const buttons = QUICK.map(([name, word, hint, offered]) => {
      const button = element("button", { type: "button", title: hint, data: { act: name } }, word);
      button.addEventListener("click", () => this.act(row.alert.id, name, button));
      return [button, offered];
    });
    const item = element("li", {},
      element("div", { className: "said" }, title, message, element("p", { className: "facts" }, priority, rest)),
      element("div", { className: "acts" }, ...buttons.map(([button]) => button)));
    title.addEventListener("click", () => this.open(row.alert.id));
    const row = { item, alert: null, update: (alert) => {
      row.alert = alert;
      Object.assign(item.dataset, { priority: alert.priority, status: alert.status });
      title.textContent = alert.title;
      message.textContent = alert.message;
      message.hidden = !alert.message;
      priority.textContent = alert.priority;
      rest.textContent = ` · ${marks(alert).join(" · ")}`;
      for (const [button, offered] of buttons) {
        const lost = !offered(alert) && button === document.activeElement;
        button.hidden = !offered(alert);
        button.setAttribute("aria-label", `${button.textContent}: ${alert.title}`);
        if (lost) title.focus();
      }
    } };
    return row;
  }
}
