import { useEffect, useMemo, useRef, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import type { Sheet } from "../../charts/sheet";
import { percent, short, whole } from "../../charts/words";
import type { LayerProfile, Profiles } from "../../generated/types";
import { api } from "../../net/api";
import { isAbort, words } from "../../net/errors";
import { Segmented } from "../../ui/Segmented";
import { PanelHead, SheetTable } from "../train/PanelHead";
import { type Figure, paintProfiles, spot } from "./profile_grid";
import type { Shown } from "./view";

const FIGURES: { value: Figure; label: string }[] = [
  { value: "gradient_rms", label: "Gradient" },
  { value: "update_ratio", label: "Update" },
  { value: "dead", label: "Dead" },
];
const TITLES: Record<Figure, string> = { gradient_rms: "|g|, layer 1 is nearest the input", update_ratio: "|Δw| over |w|, healthy about 10⁻³", dead: "dead units behind the layer, %" };
const DEFINITION =
  "Gradient: root mean square of ∂L/∂W over a layer's weights. Update: L2 of a step's change over L2 of the weights. Dead: units of the ReLU behind the layer that gave zero for every image of late. Layers with weights are counted from the input; the pale line is that of the first run.";
const WAIT = 150; // ms that the slider must rest

interface ProfilesPanelProps {
  runs: readonly Shown[];
  /** Changes when newer figures are there. */
  version: unknown;
}

/** How the layers of each run stand, side by side over one depth. */
export function ProfilesPanel({ runs, version }: ProfilesPanelProps) {
  const [figure, setFigure] = useState<Figure>("gradient_rms");
  const [step, setStep] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const [depth, setDepth] = useState<number | null>(null);
  const ids = runs.map(({ id }) => id).join(",");
  const { profiles, problem } = useProfiles(ids, step, version);
  const shown = useMemo(() => runs.filter((run) => !run.hidden).map((run) => ({ run, layers: profiles?.profiles.find((one) => one.run === run.id)?.layers ?? [] })), [runs, profiles]);
  const most = Math.max(1, ...runs.map((run) => run.step));
  const measured = shown.some(({ layers }) => layers.some((layer) => layer[figure] !== null));
  const sheet = () => (measured ? sheetOf(shown, figure) : null);
  const told = depth === null ? null : shown.flatMap(({ run, layers }) => (layers[depth - 1] ? [`${run.letter} ${layers[depth - 1]?.label} ${say(figure, layers[depth - 1]?.[figure] ?? null)}`] : []));
  return (
    <section className="chart-panel compare-panel" aria-label="By depth">
      <PanelHead title="By depth" definition={DEFINITION} fact={TITLES[figure]} table={table} onTable={setTable} sheet={sheet} />
      <div className="compare-tools">
        <Segmented label="Figure" value={figure} options={FIGURES} onChoose={setFigure} />
        <label className="compare-step">
          <span>{step === null ? "at the end" : `step ${whole(step)}`}</span>
          <input type="range" min={0} max={most} value={step ?? most} aria-label="Step" aria-valuetext={step === null ? "at the end" : `step ${step}`} onChange={(event) => setStep(Number(event.target.value) >= most ? null : Number(event.target.value))} />
        </label>
      </div>
      {table ? (
        measured ? <SheetTable sheet={sheetOf(shown, figure)} /> : <p className="panel-empty">There are no numbers yet.</p>
      ) : (
        <CanvasChart
          className="compare-profiles"
          summary={summaryOf(shown, figure)}
          stamp={() => `${ids} ${shown.map(({ run, layers }) => `${run.look.token}${run.letter}${layers.map((layer) => layer[figure]).join()}`).join()} ${figure} ${depth}`}
          paint={(context, width, height) => paintProfiles(context, width, height, shown, figure, depth)}
          onPoint={(x, y, width, height) => setDepth(spot(shown, width, height, x, y))}
          onLeave={() => setDepth(null)}
        >
          {!measured && (
            <p className="compare-nothing" aria-busy={profiles === null && problem === null}>
              <span>{problem ?? (profiles === null ? "Reading the layers" : "Starts with the first step")}</span>
            </p>
          )}
        </CanvasChart>
      )}
      <p className="compare-told">{told ? `layer ${depth}: ${told.join("; ")}` : " "}</p>
    </section>
  );
}

/** Asked again when the question changes, and, at the end of the runs, when newer figures are there; one question at a time. */
export function useProfiles(ids: string, step: number | null, version: unknown): { profiles: Profiles | null; problem: string | null } {
  const [profiles, setProfiles] = useState<Profiles | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const flight = useRef<AbortController | null>(null);
  const missed = useRef(false);
  const newest = step === null ? version : null; // what was measured at a step does not change
  useEffect(
    () => () => {
      flight.current?.abort();
      flight.current = null;
      missed.current = false;
    },
    [ids, step],
  );
  useEffect(() => {
    if (ids === "") return undefined;
    if (flight.current) {
      missed.current = true; // aborted each time, a slow answer would never come
      return undefined;
    }
    const ask = async () => {
      const control = new AbortController();
      flight.current = control;
      try {
        const found = await api.profiles(ids.split(","), step, control.signal);
        if (control.signal.aborted) return;
        setProfiles(found);
        setProblem(null);
      } catch (error) {
        if (isAbort(error) || control.signal.aborted) return;
        setProblem(words(error));
      }
      flight.current = null;
      if (missed.current) setTurn((before) => before + 1);
      missed.current = false;
    };
    const timer = window.setTimeout(() => void ask(), step === null ? 0 : WAIT);
    return () => window.clearTimeout(timer);
  }, [ids, step, newest, turn]);
  return { profiles, problem };
}

interface Profiled {
  run: Shown;
  layers: readonly LayerProfile[];
}

const say = (figure: Figure, value: number | null): string => (value === null ? "–" : figure === "dead" ? percent(value) : short(value));

function summaryOf(shown: readonly Profiled[], figure: Figure): string {
  const name = FIGURES.find(({ value }) => value === figure)?.label ?? figure;
  const each = shown.flatMap(({ run, layers }) => {
    const known = layers.filter((layer) => layer[figure] !== null);
    const [first, last] = [known[0], known.at(-1)];
    return first && last ? [`${run.letter}: layer ${first.depth} ${say(figure, first[figure])}, layer ${last.depth} ${say(figure, last[figure])}`] : [];
  });
  return `${name} by depth. ${each.length > 0 ? each.join("; ") : "Nothing was measured yet"}`;
}

function sheetOf(shown: readonly Profiled[], figure: Figure): Sheet {
  const deepest = Math.max(0, ...shown.map(({ layers }) => layers.length));
  const name = FIGURES.find(({ value }) => value === figure)?.label ?? figure;
  return {
    title: `${name} by depth`,
    columns: [{ head: "Layer", say: whole }, ...shown.map(({ run }) => ({ head: `${run.letter} ${name.toLowerCase()}`, brief: run.letter, say: (value: number) => say(figure, value) }))],
    rows: Array.from({ length: deepest }, (_, index) => [index + 1, ...shown.map(({ layers }) => layers[index]?.[figure] ?? null)]),
  };
}
