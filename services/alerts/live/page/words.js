// Times and marks of alerts as people read them.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

export function moment(text) {
  const at = new Date(text);
  return (at.toDateString() === new Date().toDateString() ? CLOCK : DAY).format(at);
}

export function ago(text) {
  const seconds = (new Date(text) - Date.now()) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return AGO.format(Math.round(seconds / size), unit);
  }
  return "just now";
}

export const plain = (word) => word.replaceAll("_", " ");

export function marks(alert) {
  return [
    plain(alert.alert_type),
    ago(alert.last_at),
    alert.times > 1 && `${alert.times} times`,
    alert.acknowledged && `acknowledged${alert.acknowledged_by ? ` by ${alert.acknowledged_by}` : ""}`,
    alert.assigned_to && `for ${alert.assigned_to}`,
    alert.snoozed_until && new Date(alert.snoozed_until) > Date.now() && `snoozed until ${moment(alert.snoozed_until)}`,
    alert.escalate_at && `escalates ${moment(alert.escalate_at)}`,
    alert.escalated_at && "escalated",
    !isOpen(alert) && alert.status,
  ].filter(Boolean);
}

export const PRIORITIES = ["urgent", "high", "medium", "low"];

export const OPEN = ["open", "new", "read"];

// Why there is nothing to see, by what was asked for.
export function emptiness({ status, ...others }) {
  if (Object.values(others).some(Boolean)) return "No alert is like that. Choose less in the filters to see more.";
  if (status === "open") return "No open alerts. New ones appear here by themselves.";
  return status ? `No alert is ${plain(status)}.` : "No alerts yet. They appear here by themselves.";
}

export const isOpen = (alert) => alert.status === "new" || alert.status === "read";

// All text enters the page here, as text: an alert may say <script>.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { data = {}, ...others } = properties;
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(others)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}

// One fact as people read it: 0.51, not 0.5102880658436214.
export function written(value) {
  if (Array.isArray(value)) return value.map(written).join(", ");
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value);
}
