// A mock tenant in a subprocess, for tests in Node. It needs a Python that has the package mock_tenant.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Starts `python -m mock_tenant` on a free port.
 *
 * @param {{options?: string[], python?: string, cwd?: string}} settings options of the mock, such as
 *   ["--customers", "customers.json"]; the Python command, by default $PYTHON or python3
 * @returns the running mock: apiUrl, tenant, environ, accessToken(), reset(), requests() and stop()
 */
export async function startMock({ options = [], python = process.env.PYTHON ?? "python3", cwd } = {}) {
  const child = spawn(python, ["-m", "mock_tenant", "--port", "0", "--until-stdin-closes", ...options], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve)),
    ended.then((code) => Promise.reject(new Error(`The mock tenant does not start: exit code ${code}.`))),
  ]);
  const { api_url: apiUrl, environ } = JSON.parse(line);

  async function send(method, path, body) {
    const response = await fetch(apiUrl + path, { method, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.status === 204 ? undefined : response.json();
  }

  return {
    apiUrl,
    environ,
    tenant: environ.EMPORIX_TENANT,
    async accessToken(scope = "") {
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: environ.EMPORIX_CLIENT_ID,
        client_secret: environ.EMPORIX_CLIENT_SECRET,
        scope,
      });
      return (await send("POST", "/oauth/token", form)).access_token;
    },
    reset: () => send("POST", "/mock/reset"),
    requests: () => send("GET", "/mock/requests"),
    stop() {
      child.stdin.end();
      return ended;
    },
  };
}
