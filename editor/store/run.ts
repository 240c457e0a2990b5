// The run that is looked at: its state and what was chosen on the Train view. Its numbers are in the session's typed arrays.
import { create } from "zustand";
import type { Command, Network, RunView } from "../generated/types";
import { distinctFaces } from "../live/faces";
import { runLayers, type RunLayers, tellingLayers } from "../live/layers";
import { painter } from "../live/painter";
import { Player } from "../live/player";
import { RunSession } from "../live/session";
import { TimeView } from "../live/view";
import { api } from "../net/api";
import { words } from "../net/errors";
import type { Connection } from "../net/socket";
import { useExperiment } from "./experiment";
import { readDocument } from "./graph";
import { toast } from "./ui";

export interface RunState {
  session: RunSession | null;
  view: TimeView | null;
  player: Player | null;
  /** The step at which the page stands still; null while it follows the run. As in the view, for what renders. */
  frozen: number | null;
  /** The player moves the page through the run. */
  playing: boolean;
  /** Of playing. */
  speed: number;
  /**
   * Name of the network that Train was just pressed for, till its first step is drawn or was waited for long enough. Meanwhile
   * the page shows little, and is not drawn anew for what the site tells of the run. Null for a run that was opened otherwise.
   */
  pressed: string | null;
  /** What the site told of the run while `pressed`. */
  told: RunView | null;
  run: RunView | null;
  network: Network;
  layers: RunLayers;
  connection: Connection;
  /** Why the run cannot be shown. */
  refusal: string | null;
  /** The history has been read. */
  ready: boolean;
  /** Layer whose feature maps are shown, and whose rows are marked. */
  chosen: string | null;
  /** Alert that was opened by hand; null opens the first. */
  alert: string | null;
  /** Layers drawn as curves. */
  curves: string[];
  smoothing: number;
  logLoss: boolean;
  /** Command on its way: its button says so until the run answers. */
  pending: Command["kind"] | null;
  /** Stop was pressed: nothing else is asked of the run. */
  stopping: boolean;
}

const nothing: RunState = {
  session: null,
  view: null,
  player: null,
  frozen: null,
  playing: false,
  speed: 1,
  pressed: null,
  told: null,
  run: null,
  network: { format: 1, name: "", nodes: [], edges: [] },
  layers: { all: [], weighted: [], rectified: [], activated: [] },
  connection: "connecting",
  refusal: null,
  ready: false,
  chosen: null,
  alert: null,
  curves: [],
  smoothing: 0.9,
  logLoss: false,
  pending: null,
  stopping: false,
};

export const useRun = create<RunState>()(() => nothing);

const set = useRun.setState;
const get = useRun.getState;

/** Shows a run until the returned function is called; goes on with what `anticipate` began. */
export function openRun(id: string): () => void {
  const begun = get().session;
  const { starting, name } = useExperiment.getState();
  const session = begun?.run === id ? begun : begin(id, starting === id ? name : null); // come back to while the site is still asked
  return () => {
    session.close();
    if (get().session !== session) return;
    get().player?.stop();
    set(nothing);
  };
}

/** So long the first step may be waited for before all of the page is drawn, milliseconds; two frames of most screens. */
const PATIENCE = 500;
const FRAMES = 34;

/** Begins to show a run that the site is asked to begin. */
export function prepare(id: string, pressed: string) {
  begin(id, pressed);
}

/** The site has begun a run: goes on with what was prepared, unless whoever pressed went elsewhere. */
export function anticipate(run: RunView) {
  const { session } = get();
  if (session?.run !== run.id) return;
  session.open();
  show(session, run);
  if (get().pressed !== null) awaitFirstStep(session);
}

function awaitFirstStep(session: RunSession) {
  const settle = () => {
    stop();
    if (get().session === session) settled(session);
  };
  let timer = setTimeout(settle, PATIENCE);
  const stop = painter.add(() => {
    if (session.live.lastStep === 0) return;
    stop();
    clearTimeout(timer);
    timer = setTimeout(settle, FRAMES); // when that step stands there, and not before
  });
}

function settled(session: RunSession) {
  const { told } = get();
  set({ pressed: null, told: null });
  if (told) show(session, told);
}

function begin(id: string, pressed: string | null = null): RunSession {
  const before = get();
  before.player?.stop();
  before.session?.close();
  const session: RunSession = new RunSession(id, {
    run: (run) => show(session, run),
    connection: (connection, refusal) => {
      if (get().session === session) set({ connection, refusal: refusal || null });
    },
    ready: () => {
      if (get().session === session) set({ ready: true });
    },
    failed: (error) => toast(words(error), { tone: "bad" }),
    superseded: (first) => {
      const frozen = get().view?.frozen ?? null;
      if (get().session === session && frozen !== null && frozen > first) freeze(frozen);
    },
  });
  const view = new TimeView(session.live, session.details);
  set({ ...nothing, session, view, pressed, player: playerOf(session, view) });
  if (pressed === null) session.open();
  return session;
}

function playerOf(session: RunSession, view: TimeView): Player {
  return new Player({
    step: () => view.frozen ?? session.live.lastStep,
    end: () => session.live.lastStep,
    speed: () => get().speed,
    ready: (step) => session.knows(step),
    go: (step, ahead) => freeze(step, ahead),
    ended: () => freeze(null),
    changed: (playing) => set({ playing }),
  });
}

function show(session: RunSession, run: RunView) {
  const { session: current, layers: before, run: known, pressed } = get();
  if (current !== session) return;
  if (pressed !== null) {
    set({ told: run });
    if (!isComing(run)) settled(session);
    return;
  }
  const network = known ? get().network : readDocument(run.network); // frozen with the run: what is drawn from it is not drawn anew
  const layers = runLayers(session.live.started, network);
  const fresh = before.all.length === 0 && layers.all.length > 0;
  set({ run, network, layers, pending: null, ...(isOver(run) && { stopping: false }) });
  if (!fresh) return;
  const faces = distinctFaces(layers.all);
  set({ curves: tellingLayers(layers.weighted), chosen: run.watched[0] ?? faces[0] ?? layers.weighted[0]?.id ?? null });
}

/** A worker has it: it trains, or is paused, and takes commands. */
export const hasWorker = (run: RunView | null): boolean => run?.state === "running" || run?.state === "paused" || run?.state === "leased";
export const isOver = (run: RunView | null): boolean => run?.state === "finished" || run?.state === "failed" || run?.state === "stopped";

/** Nothing is to be told of it yet: its first step comes as soon as a worker has it. */
const isComing = (run: RunView): boolean => run.fetching === null && (run.state === "queued" || run.state === "leased" || run.state === "running");

/** Its network was kept when it ended, and can be asked what it makes of an image. */
export const answers = (run: RunView | null): boolean => isOver(run) && run?.silent === null;

/** Asks the run for something. What goes wrong is told at the foot of the page. */
export async function command(wish: Pick<Command, "kind"> & Partial<Command>): Promise<void> {
  const { run, stopping } = get();
  if (!run || stopping) return;
  if (wish.kind === "stop") set({ stopping: true });
  if (wish.kind !== "watch" && wish.kind !== "probe") set({ pending: wish.kind });
  try {
    await api.command(run.id, wish);
  } catch (error) {
    if (wish.kind === "stop") set({ stopping: false });
    toast(words(error), { tone: "bad" });
  } finally {
    if (get().pending === wish.kind && (wish.kind === "learning_rate" || wish.kind === "step")) set({ pending: null });
  }
}

/** Goes on with a run that has ended: the same run, the same curves. False, with the reason at the foot of the page, where it may not. */
export async function goOn(epochs: number, rate: number | null, anew: boolean): Promise<boolean> {
  const { run, session } = get();
  if (!run || !session) return false;
  try {
    const view = await api.goOn(run.id, epochs, rate, anew);
    freeze(null);
    if (get().run === run) show(session, view); // else the socket was quicker
    return true;
  } catch (error) {
    toast(words(error), { tone: "bad" });
    return false;
  }
}

/** Shows a layer's feature maps; asks the run to send them where it does not yet. */
export function choose(layer: string) {
  const { run } = get();
  set({ chosen: layer });
  painter.ask();
  if (!run?.mine || !(hasWorker(run) ? !run.watched.includes(layer) : answers(run))) return;
  watchFaces();
}

/** Asks for all that the figure has faces for, where nobody has asked for anything yet. */
export function watchAtFirst() {
  const { run } = get();
  if (run?.mine && hasWorker(run) && run.watched.length <= 1) watchFaces();
}

/** Asks for the chosen layer and all that the figure has faces for. */
export function watchFaces() {
  const { chosen, layers } = get();
  const faces = distinctFaces(layers.all).filter((face) => face !== chosen);
  void command({ kind: "watch", layers: [...(chosen === null ? [] : [chosen]), ...faces].slice(0, 16) });
}

/** Opens one of the doctor's alerts in place of the one that is open. */
export function openAlert(id: string | null) {
  set({ alert: id });
  painter.ask();
}

/** Trains a twin of the run with one remedy of an alert; null where that was refused, which is told. */
export async function startTwin(alert: string, remedy: string): Promise<RunView | null> {
  const { run } = get();
  if (!run) return null;
  try {
    return await api.remedy(run.id, alert, remedy);
  } catch (error) {
    toast(words(error), { tone: "bad" });
    return null;
  }
}

export function toggleCurve(layer: string) {
  set(({ curves }) => ({ curves: curves.includes(layer) ? curves.filter((other) => other !== layer) : [...curves, layer].slice(-5) }));
  painter.ask();
}

/** Freezes every chart, the figure and the panels at a step, and fetches those ahead; null goes back to live. */
export function freeze(step: number | null, ahead: readonly number[] = []) {
  const { session, view } = get();
  view?.set({ frozen: step, hover: null });
  session?.freeze(step, ahead);
  set({ frozen: step });
}
