// What the services are asked. The key stays in this tab; without one the services may be local.

const LEADS = "/api/v1/lead-discovery/leads";
const IMPORTS = "/api/v1/lead-discovery/imports";
const KEPT = "leadfly.key";
const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SILENT = "The services do not answer just now.";
const NAME_CHARACTERS = 255;

const UNKNOWN_KEY = "This key is not known, or works no longer.";

export class Refused extends Error {
  constructor(status, fault) {
    super(status === 401 ? UNKNOWN_KEY : fault.message ?? `The services answered ${status}.`);
    Object.assign(this, { status, details: fault.details ?? {} });
  }

  // In one line, with what is said of each field, but for the state and the counts: they are shown.
  words() {
    const left = Object.entries(this.details).filter(([name]) => name !== "status" && !name.startsWith("counts."));
    return [this.message, ...left.map(([name, what]) => `${name === "body" || name === "file" ? "The file" : name} ${what}.`)].join(" ");
  }
}

export const hasKey = () => sessionStorage.getItem(KEPT) !== null;
export const keepKey = (key) => sessionStorage.setItem(KEPT, key);
export const forgetKey = () => sessionStorage.removeItem(KEPT);
export const account = () => new URLSearchParams(location.search).get("user_id");

function address(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value != null));
  if (account() && !hasKey()) asked.set("user_id", account());
  return asked.size ? `${path}?${asked}` : path;
}

function headers(more = {}) {
  return hasKey() ? { ...more, "X-API-Key": sessionStorage.getItem(KEPT) } : more;
}

async function answered(method, path, { query, body, accept = "application/json" } = {}) {
  const sent = headers({ Accept: accept, ...(body && { "Content-Type": "application/json" }) });
  let response;
  try {
    response = await fetch(address(path, query), { method, headers: sent, body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0, { message: SILENT });
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new Refused(response.status, answer.error ?? {});
  }
  return response;
}

async function ask(method, path, more) {
  const response = await answered(method, path, more);
  return response.json().catch(() => {
    throw new Refused(0, { message: SILENT });
  });
}

export const list = (query) => ask("GET", IMPORTS, { query });
export const one = (id) => ask("GET", `${IMPORTS}/${id}`);
export const columns = (id) => ask("GET", `${IMPORTS}/${id}/columns`);
export const change = (id, said) => ask("PUT", `${IMPORTS}/${id}`, { body: said });
export const preview = (id) => ask("POST", `${IMPORTS}/${id}/preview`);
export const confirm = (id, counts) => ask("POST", `${IMPORTS}/${id}/confirm`, { body: { counts } });
export const cancel = (id) => ask("POST", `${IMPORTS}/${id}/cancel`);
export const undo = (id, including) => ask("POST", `${IMPORTS}/${id}/undo`, { body: { including_changed: including } });
export const rows = (id, query) => ask("GET", `${IMPORTS}/${id}/rows`, { query });
export const lead = (id) => ask("GET", `${LEADS}/${id}`);

// A link cannot carry a key, so the file is fetched whole; one that breaks off is not saved.
export async function rowsFile(id, outcome) {
  const response = await answered("GET", `${IMPORTS}/${id}/rows.csv`, { query: { outcome, bom: true }, accept: "text/csv" });
  return response.blob().catch(() => {
    throw new Refused(0, { message: "The file broke off; try again." });
  });
}

// What fetch cannot tell an XMLHttpRequest can: how much of a long file has been sent.
export function send(file, sentSoFar) {
  const request = new XMLHttpRequest();
  const name = Array.from(file.name.replace(/[\p{C}\p{Z}]+/gu, " ").trim()).slice(0, NAME_CHARACTERS).join("");
  const done = new Promise((resolve, reject) => {
    request.open("POST", address(IMPORTS, { name }));
    request.responseType = "json";
    for (const [header, value] of Object.entries(headers({ Accept: "application/json" }))) request.setRequestHeader(header, value);
    request.setRequestHeader("Content-Type", /\.xls[xm]$/i.test(file.name) ? WORKBOOK : "text/csv");
    request.upload.addEventListener("progress", (event) => sentSoFar(event.loaded, event.total));
    request.addEventListener("load", () => (request.status === 201
      ? resolve(request.response)
      : reject(new Refused(request.status, request.response?.error ?? {}))));
    request.addEventListener("error", () => reject(new Refused(0, {
      message: "The file did not arrive: the connection broke, the file is too large, or it was changed meanwhile. Try again.",
    })));
    request.addEventListener("abort", () => resolve(null));
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}
