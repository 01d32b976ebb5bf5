/** Requests to the receiver with the token of this tab. */

const KEY = "rollcall-token";

/** The administration's prefix, as the server has it. */
const ADMIN = "/_rollcall";

export const session = {
  get token() {
    return sessionStorage.getItem(KEY) ?? "";
  },
  set token(value) {
    if (value === "") sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, value);
  },
};

/** @throws {Error} with the server's own words. */
async function request(url, options = {}) {
  const response = await fetch(url, {
    ...options,
    headers: { authorization: `Bearer ${session.token}`, ...options.headers },
  });
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new Error(body.detail ?? `The receiver answered ${response.status}.`);
  }
  return response;
}

async function json(url, options) {
  const response = await request(url, options);
  return response.status === 204 ? undefined : response.json();
}

export const tenants = () => json(`${ADMIN}/tenants`);

/** The part of the API that belongs to one tenant. */
export function tenantApi({ name }) {
  const admin = `${ADMIN}/tenants/${encodeURIComponent(name)}`;
  return {
    list: (type, parameters, signal) =>
      json(`${admin}/resources/${type}?${new URLSearchParams(parameters)}`, { signal }),
    read: (type, id) => json(`${admin}/resources/${type}/${encodeURIComponent(id)}`),
    product: () => json(`${admin}/product`),
    journal: () => json(`${admin}/journal?limit=300`),
    faults: () => json(`${admin}/faults`),
    setFault: (id, rule) =>
      json(`${admin}/faults/${encodeURIComponent(id)}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(rule),
      }),
    clearFault: (id) => json(`${admin}/faults/${encodeURIComponent(id)}`, { method: "DELETE" }),
    /** Calls back with each new journal entry until the signal says stop; resolves when the stream ends. */
    async stream(signal, opened, entry) {
      const response = await request(`${admin}/journal/stream`, { signal });
      opened();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = event.split("\n").find((line) => line.startsWith("data: "));
          if (data) entry(JSON.parse(data.slice(6)));
        }
      }
    },
  };
}
