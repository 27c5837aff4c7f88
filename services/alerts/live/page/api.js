// What the services are asked. The key stays in this tab; without one the services may be local.

const ALERTS = "/api/v1/lead-discovery/alerts";
const KEPT = "leadfly.key";

const UNKNOWN_KEY = "This key is not known, or works no longer.";

export class Refused extends Error {
  constructor(status, fault) {
    const details = Object.entries(fault.details ?? {}).map(([name, what]) => `${name} ${what}`);
    super([status === 401 ? UNKNOWN_KEY : fault.message ?? `The services answered ${status}.`, ...details].join(" "));
    this.status = status;
  }
}

export const hasKey = () => sessionStorage.getItem(KEPT) !== null;
export const keepKey = (key) => sessionStorage.setItem(KEPT, key);
export const forgetKey = () => sessionStorage.removeItem(KEPT);
export const account = () => new URLSearchParams(location.search).get("user_id");

export async function ask(method, path, { query = {}, body } = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value != null));
  if (account() && !hasKey()) asked.set("user_id", account());
  const headers = { Accept: "application/json" };
  if (hasKey()) headers["X-API-Key"] = sessionStorage.getItem(KEPT);
  if (body) headers["Content-Type"] = "application/json";
  const mark = asked.size ? `?${asked}` : "";
  let response;
  try {
    response = await fetch(`${ALERTS}${path}${mark}`, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0, { message: "The services do not answer just now." });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.error ?? {});
  return answer;
}

export const list = (query) => ask("GET", "", { query });
export const one = (id) => ask("GET", `/${id}`);
export const history = (id) => ask("GET", `/${id}/history`);
export const precision = (rule) => ask("GET", `/rules/${rule}/precision`);
export const changes = (since) => ask("GET", "/changes", { query: { since } });
export const ticket = () => ask("POST", "/stream-tickets");
export const act = (id, name, body = {}) => ask("PUT", `/${id}/${name}`, { body });
