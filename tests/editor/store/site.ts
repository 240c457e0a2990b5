import type { ExperimentView } from "../../../editor/generated/types";

interface Pressed {
  new?: Partial<ExperimentView>;
  experiment?: string;
  save?: Partial<ExperimentView>;
}

/** A site with one table of experiments, as the API behaves. */
export class Site {
  readonly table = new Map<string, ExperimentView>();
  readonly begun = new Map<string, object>();
  /** So many presses it does and cannot say so. */
  losesAnswers = 0;
  /** What it says to a press on Train, where that is no run. */
  refusal: { status: number; code: string; message: string } | null = null;
  reachable = true;
  requests: string[] = [];

  add(id: string, name: string): ExperimentView {
    const view = { id, name, notes: "", version: 1, created: "", updated: "", network: { format: 1, name, nodes: [], edges: [] }, recipe: {}, runs: [], mine: true };
    this.table.set(id, view);
    return view;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (!this.reachable) throw new TypeError("Failed to fetch");
    const method = init.method ?? "GET";
    this.requests.push(`${method} ${url}`);
    const id = /^\/api\/experiments\/(\w+)$/.exec(url)?.[1];
    const body = init.body ? (JSON.parse(String(init.body)) as Partial<ExperimentView> & Partial<Pressed>) : {};
    if (method === "PUT") return this.begin(url.split("/").at(-1) ?? "", body as Pressed);
    if (method === "POST") return this.answer(201, Object.assign(this.add(`e${this.table.size + 1}`, body.name ?? ""), body));
    const view = id === undefined ? undefined : this.table.get(id);
    if (!view) return this.answer(404, { error: { code: "missing", message: "No such experiment.", path: "" } });
    if (method === "GET") return this.answer(200, view);
    if (body.version !== view.version) return this.answer(409, { error: { code: "conflict", message: "It was saved elsewhere.", path: "version" } });
    return this.answer(200, Object.assign(view, body, { version: view.version + 1 }));
  };

  private begin(run: string, { new: made, experiment, save }: Pressed): Response {
    const known = this.begun.get(run);
    if (known) return this.answer(201, known);
    if (this.refusal) return this.answer(this.refusal.status, { error: { ...this.refusal, path: "" } });
    const view = made ? Object.assign(this.add(`e${this.table.size + 1}`, made.name ?? ""), made) : this.table.get(experiment ?? "");
    if (!view) return this.answer(404, { error: { code: "missing", message: "No such experiment.", path: "" } });
    if (save && save.version !== view.version) return this.answer(409, { error: { code: "version", message: "It was saved elsewhere.", path: "version" } });
    if (save && Object.keys(save).length > 1) Object.assign(view, save, { version: view.version + 1 });
    const begun = { id: run, experiment: view.id, number: 1, name: view.name, state: "queued", network: view.network, recipe: view.recipe, mine: true, watched: [], attempts: [], events: [], alerts: [], fetching: null, started: null };
    this.begun.set(run, { experiment: { ...view, runs: [begun] }, run: begun });
    if (this.losesAnswers > 0) {
      this.losesAnswers -= 1;
      throw new TypeError("Failed to fetch");
    }
    return this.answer(201, this.begun.get(run));
  }

  private answer(status: number, body: unknown): Response {
    return new Response(JSON.stringify(body), { status });
  }
}
