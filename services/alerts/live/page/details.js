// All of one alert: what it says, what to do with it, and what became of it.

import { history, precision } from "./api.js";
import { ago, element, isOpen, marks, moment, plain, written } from "./words.js";

const SNOOZES = [["60", "1 hour"], ["240", "4 hours"], ["1440", "1 day"], ["10080", "1 week"]];

export class Details {
  // act(id, name, body) does something with an alert; closed() hears that nobody looks any more.
  constructor(dialog, body, { act, closed }) {
    Object.assign(this, { dialog, body, act, alert: null });
    dialog.addEventListener("close", () => {
      this.alert = null;
      closed();
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  show(alert) {
    const kept = this.alert?.id === alert.id && this.focused();
    this.alert = alert;
    this.past = element("section", { "aria-live": "polite" }, element("p", { className: "quiet" }, "Loading …"));
    this.body.replaceChildren(...this.parts(alert), this.past);
    if (!this.dialog.open) this.dialog.showModal();
    if (kept) (this.body.querySelector(`[data-act="${kept}"]:not([hidden])`) ?? this.dialog.querySelector(".close")).focus();
    this.load(alert);
  }

  focused() {
    return this.body.contains(document.activeElement) ? document.activeElement.dataset.act ?? "none" : null;
  }

  // What somebody is typing is not taken away by what others do.
  changed(alert, byUs = false) {
    const writes = !byUs && this.body.contains(document.activeElement) && /^(INPUT|SELECT)$/.test(document.activeElement.tagName);
    if (this.alert?.id === alert.id && !writes) this.show(alert);
  }

  parts(alert) {
    return [
      element("h2", { id: "details-title" }, alert.title),
      element("p", { className: "facts", data: { priority: alert.priority } },
        element("span", { className: "priority" }, alert.priority), ` · ${marks(alert).join(" · ")}`),
      alert.message && element("p", { className: "message" }, alert.message),
      this.buttons(alert),
      isOpen(alert) && this.assigning(alert),
      isOpen(alert) && this.snoozing(alert),
      this.facts(alert),
    ].filter(Boolean);
  }

  buttons(alert) {
    const offered = [
      ["read", "Mark as read", alert.status === "new"],
      ["acknowledge", "Acknowledge", isOpen(alert) && !alert.acknowledged],
      ["unacknowledge", "Give back", isOpen(alert) && alert.acknowledged],
      ["action", "Done: it led to something", alert.status !== "actioned"],
      ["resolve", "No longer so", isOpen(alert)],
      ["dismiss", "Dismiss: not worth it", isOpen(alert)],
      ["reopen", "Reopen", !isOpen(alert)],
    ];
    const made = offered.filter(([, , now]) => now).map(([name, word]) => {
      const button = element("button", { type: "button", data: { act: name } }, word);
      button.addEventListener("click", () => this.act(alert.id, name, {}, button));
      return button;
    });
    return element("div", { className: "acts" }, ...made);
  }

  assigning(alert) {
    const who = element("input", { data: { act: "assign-to" }, value: alert.assigned_to ?? "", maxLength: 200, autocomplete: "off", placeholder: "Nobody" });
    const form = element("form", { className: "line" },
      element("label", {}, "Assigned to", who), element("button", { data: { act: "assign" } }, "Assign"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(alert.id, "assign", { assigned_to: who.value.trim() || null }, form.lastChild);
    });
    return form;
  }

  snoozing(alert) {
    const choice = element("select", { data: { act: "snooze-for" } }, ...SNOOZES.map(([value, word]) => element("option", { value }, word)));
    const form = element("form", { className: "line" },
      element("label", {}, "Tell nobody for", choice), element("button", { data: { act: "snooze" } }, "Snooze"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(alert.id, "snooze", { minutes: Number(choice.value) }, form.lastChild);
    });
    return form;
  }

  facts(alert) {
    const known = Object.entries(alert.facts ?? {}).filter(([, value]) => value !== null && String(value) !== "");
    const rows = [
      ["First", moment(alert.created_at)],
      ["Last", `${moment(alert.last_at)} (${ago(alert.last_at)})`],
      alert.rule_name && ["Rule", alert.rule_name],
      alert.lead_id && ["Lead", alert.lead_id],
      ...known.map(([name, value]) => [plain(name), written(value)]),
    ].filter(Boolean);
    return element("section", {}, element("h3", {}, "What is known"),
      element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
  }

  async load(alert) {
    const place = this.past;
    const [past, rule] = await Promise.allSettled([history(alert.id), alert.rule_id ? precision(alert.rule_id) : null]);
    if (place !== this.past) return;
    const parts = [element("h3", {}, "What became of it")];
    parts.push(past.status === "fulfilled" ? timeline(past.value) : element("p", {}, past.reason.message));
    if (rule.value) parts.push(element("h3", {}, "How its rule does"), ...precise(rule.value));
    place.replaceChildren(...parts);
  }
}

function timeline({ actions, decisions, notifications }) {
  const told = [
    ...actions.map((one) => [one.done_at, acted(one)]),
    ...decisions.map((one) => [one.decided_at, decided(one)]),
    ...notifications.map((one) => [one.created_at, sent(one)]),
  ].sort(([a], [b]) => (a < b ? 1 : -1));
  if (!told.length) return element("p", { className: "quiet" }, "Nothing yet.");
  return element("ol", { className: "history" }, ...told.map(([at, words]) =>
    element("li", {}, element("time", { dateTime: at }, moment(at)), words)));
}

const DONE = {
  read: "Read", acknowledge: "Acknowledged", unacknowledge: "Given back", assign: "Assigned", snooze: "Snoozed",
  action: "Done", dismiss: "Dismissed", resolve: "No longer so", reopen: "Reopened",
};

function acted({ action, done_by, details, note }) {
  const until = details?.snoozed_until && ` until ${moment(details.snoozed_until)}`;
  const whom = details && "assigned_to" in details && ` to ${details.assigned_to ?? "nobody"}`;
  return [`${DONE[action] ?? plain(action)}${until || whom || ""} by ${done_by}`, note].filter(Boolean).join(": ");
}

function decided({ receiver_name, meaning, word, again_at }) {
  const until = again_at && word !== "sent" ? `${word === "told_already" ? ", again from" : " until"} ${moment(again_at)}` : "";
  return `${receiver_name ?? "A receiver that is no more"}: ${plain(word)}${until}. ${meaning}`;
}

function sent({ receiver_name, channel, reason, status, attempts, last_error, next_try_at }) {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const fault = status !== "sent" && last_error ? `: ${last_error}` : "";
  const next = next_try_at ? `, next try ${moment(next_try_at)}` : "";
  return `${receiver_name} by ${channel} (${reason}): ${status}${tries}${fault}${next}`;
}

function precise({ precision: found, suggestion }) {
  const percent = (share) => `${Math.round(100 * share)} %`;
  const said = found.share === null
    ? `None of its ${found.alerts} alerts was judged yet.`
    : `${found.led} of ${found.judged} judged alerts led to something: ${percent(found.share)} (between ${percent(found.low)} and ${percent(found.high)}).`;
  const hint = suggestion && (suggestion.sentence ?? suggestion.text ?? suggestion.meaning);
  return [element("p", {}, said), hint && element("p", {}, hint)].filter(Boolean);
}
