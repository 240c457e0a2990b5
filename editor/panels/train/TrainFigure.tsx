import { useEffect, useMemo } from "react";
import { Figure } from "../../canvas/Figure";
import { type PieceState, plainState } from "../../canvas/marks";
import { GRADIENT_DECADES, rampCss } from "../../charts/ramp";
import { whole } from "../../charts/words";
import type { Analysis, DatasetView, RunView } from "../../generated/types";
import { useBeat } from "../../live/use_beat";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { api } from "../../net/api";
import { choose, hasWorker, isOver, useRun, watchAtFirst } from "../../store/run";
import { shownTheme, useUi } from "../../store/ui";
import { blockName } from "../../live/layers";
import { AlertRing, Ringed } from "./AlertRing";
import { TRAIN_MARKS } from "./figure_marks";
import { type ByteImage, pictureUrl } from "./probe/pictures";

const MARKS = { ...TRAIN_MARKS, Ring: AlertRing };

/** Wires up to which the ticks on them run. */
const MOST_MOVING = 40;

interface TrainFigureProps {
  session: RunSession;
  view: TimeView;
  analysis: Analysis | null;
  dataset: DatasetView | undefined;
  /** Layers with the ring: those of the open alert. */
  warned: ReadonlySet<string>;
}

/** The network as it was frozen for this run, with the gradient on its wires, maps on its faces and dead units below. */
export function TrainFigure({ session, view, analysis, dataset, warned }: TrainFigureProps) {
  const network = useRun((state) => state.network);
  const run = useRun((state) => state.run);
  const { all } = useRun((state) => state.layers);
  const chosen = useRun((state) => state.chosen);
  const arranged = useMemo(() => ({ ...network, nodes: network.nodes.map((node) => ({ ...node, label: blockName(all, node.id) ?? node.label, position: null })) }), [network, all]);
  useBeat(500);
  const asks = all.length > 0 && hasWorker(run);
  useEffect(() => {
    if (asks) watchAtFirst();
  }, [session, asks]);
  const probe = session.inside.prediction?.probe ?? 0;
  const given = session.inside.prediction?.image ?? null;
  const warnedKey = Array.from(warned).join();
  const states = useMemo(() => {
    const found = new Map<string, PieceState>();
    const picture = given ? givenPicture(given) : dataset && probe >= 0 ? probePicture(dataset, probe) : null;
    for (const node of network.nodes) if (node.block === "input" && picture) found.set(node.id, { ...plainState, picture });
    return found;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the number stands for the image, whose bytes come anew with each prediction
  }, [network, dataset, probe]);
  const warnedNodes = useMemo(() => {
    const names = new Set(warnedKey.split(","));
    return new Set(all.filter((layer) => names.has(layer.id)).map((layer) => layer.node));
  }, [all, warnedKey]);
  const moving = run?.state === "running" && view.frozen === null && network.edges.length <= MOST_MOVING;
  const moment = view.frozen === null ? momentWords(run) : `, step ${whole(view.frozen)}`;
  const select = (node: string | null) => {
    const layer = node === null ? undefined : all.findLast((known) => known.node === node);
    if (layer) choose(layer.id);
  };
  return (
    <div className="train-figure" data-warned={warnedNodes.size > 0 || undefined} data-moving={moving || undefined}>
      <Ringed value={warnedNodes}>
        <Figure
          network={arranged}
          analysis={analysis}
          marks={MARKS}
          states={states}
          selected={all.find((layer) => layer.id === chosen)?.node ?? null}
          onSelect={select}
          label="The network while it trains"
        />
      </Ringed>
      <Legend moment={moment} />
    </div>
  );
}

function momentWords(run: RunView | null): string {
  if (isOver(run)) return ", as the run ended";
  if (run?.state === "paused") return ", paused";
  return hasWorker(run) ? ", live" : "";
}

function givenPicture(image: ByteImage): PieceState["picture"] {
  const [, height, width] = image.shape;
  return { url: pictureUrl(image), part: [0, 0, width, height], full: [width, height] };
}

/** One tile of the data set's card, for the face of the input. */
function probePicture(dataset: DatasetView, probe: number): PieceState["picture"] {
  const card = dataset.card;
  if (!card) return null;
  const { columns, tile_width: width, tile_height: height } = card;
  const rows = Math.ceil(card.positions.length / columns);
  return {
    url: api.samplesUrl(dataset.dataset.name),
    part: [(probe % columns) * width, Math.floor(probe / columns) * height, width, height],
    full: [columns * width, rows * height],
  };
}

function Legend({ moment }: { moment: string }) {
  const dark = useUi((state) => shownTheme(state.theme) === "dark");
  const ramp = useMemo(() => `linear-gradient(90deg, ${Array.from({ length: 12 }, (_, index) => rampCss(index / 11, dark)).join(", ")})`, [dark]);
  return (
    <div className="train-legend">
      <b>{`Fig. 1${moment}`}</b>
      <span>
        Gradient flowing back, <span className="number">log₁₀</span>
        <span className="number">{`−${Math.abs(GRADIENT_DECADES[0])}`}</span>
        <i className="ramp" style={{ background: ramp }} />
        <span className="number">{GRADIENT_DECADES[1]}</span>
      </span>
      <span>
        <svg width="16" height="12" aria-hidden="true">
          <rect x=".5" y=".5" width="7" height="11" fill="var(--unit-live)" stroke="var(--unit-line)" />
          <rect x="8.5" y=".5" width="7" height="11" fill="var(--unit-dead)" stroke="var(--rule-2)" />
        </svg>
        unit alive, dead
      </span>
    </div>
  );
}
