import { useStore as useFlowStore } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { applyFix, fixedNetwork, nameOf } from "../actions/session";
import { boxAt } from "../canvas/geometry";
import type { Numbered } from "../canvas/notices";
import { stage } from "../canvas/stage";
import type { Analysis, Network } from "../generated/types";
import { api } from "../net/api";
import { useStore } from "../store";
import { meaningOf } from "../store/analysis";
import { useExperiment } from "../store/experiment";
import { Button, IconButton } from "../ui/Button";
import { placeCard, type Rect } from "./cardPlace";
import { NowAndAfter } from "./NowAndAfter";

const WIDTH = 336;

interface Props {
  shown: Numbered;
  onClose: () => void;
}

/** One notice, open: what, why, what it would be instead, and one press to get there. A leader joins it to its block. */
export function NoticeCard({ shown, onClose }: Props) {
  const { notice, number } = shown;
  const after = useAfter(shown);
  const stale = useStore((state) => state.analysed !== meaningOf(state.network));
  const [height, setHeight] = useState(0);
  const spot = useSpot(notice.node, height);
  return (
    <>
      {spot.leader && (
        <svg className="notice-leader" aria-hidden="true">
          <path d={spot.leader} data-level={notice.level} />
        </svg>
      )}
      <section
        className="notice-card"
        data-level={notice.level}
        ref={(element) => setHeight(element?.offsetHeight ?? 0)}
        style={{ left: spot.x, top: spot.y, width: WIDTH }}
        aria-label={`Notice on ${notice.node ? nameOf(notice.node) : "the network"}`}
      >
        <header>
          <span className="notice-number">{notice.level === "error" ? "!" : number}</span>
          <h3>{notice.message}</h3>
          <IconButton label="Close the notice" icon="close" size="small" onClick={onClose} />
        </header>
        {after && <NowAndAfter made={after.made} after={after.analysis} />}
        {notice.hint && <p>{notice.hint}</p>}
        {notice.fix && (
          <footer>
            <Button
              look="main"
              size="small"
              blocked={stale ? "Checking the last change first" : null}
              onClick={() => {
                void applyFix(notice);
                onClose();
              }}
            >
              {notice.fix.label}
            </Button>
            <span className="small muted notice-id">{notice.id}</span>
          </footer>
        )}
      </section>
    </>
  );
}

interface After {
  made: Network;
  analysis: Analysis;
}

/** The network as it would be after the fix, and what the site says of it. */
function useAfter({ notice, key }: Numbered): After | null {
  const dataset = useExperiment((state) => String(state.recipe.dataset ?? ""));
  const [after, setAfter] = useState<(After & { of: string }) | null>(null);
  const offered = notice.fix !== null;
  const of = useStore((state) => state.analysed);
  const latest = useRef(notice);
  latest.current = notice;
  useEffect(() => {
    if (!offered) return;
    const stop = new AbortController();
    fixedNetwork(latest.current, stop.signal)
      .then(async (made) => ({ of: key, made, analysis: await api.analyse(made, { dataset, signal: stop.signal }) }))
      .then(setAfter)
      .catch(() => undefined); // the card says what it can without the numbers
    return () => stop.abort();
  }, [offered, dataset, key, of]); // asked anew after each change of the network
  return after?.of === key ? after : null;
}

interface Spot {
  x: number;
  y: number;
  leader: string | null;
}

/** Beside the block, on no other block. */
function useSpot(node: string | null, height: number): Spot {
  const [left, top, zoom] = useFlowStore((state) => state.transform);
  const width = useFlowStore((state) => state.width);
  const tall = useFlowStore((state) => state.height);
  const network = useStore((state) => state.network);
  const folding = useStore((state) => state.folding);
  return useMemo(() => {
    void [network, folding]; // places change with the document and its folding
    const { model } = stage;
    const card = { width: WIDTH, height: height || 200 };
    const view: Rect = { left: 8, top: 8, right: width - 8, bottom: tall - 44 };
    const root = node === null ? undefined : model?.drawing.root.get(node);
    const onPage = (id: string): Rect | null => {
      const piece = model?.pieces.get(id);
      const place = model?.places.get(id);
      if (!piece || !place) return null;
      const box = boxAt(piece.size, place.x, place.y);
      return { left: box.left * zoom + left, right: box.right * zoom + left, top: box.top * zoom + top, bottom: (box.bottom + 18) * zoom + top };
    };
    const home = root === undefined ? null : onPage(root);
    if (!home) return { x: view.left + 8, y: view.top + 8, leader: null };
    const others = [...(model?.pieces.keys() ?? [])].flatMap((id) => onPage(id) ?? []);
    const disc = { x: home.left, y: home.top + (model?.pieces.get(root ?? "")?.size.dy ?? 0) * zoom };
    const place = placeCard(card, home, others, view);
    return { ...place, leader: leaderTo(disc, place, card) };
  }, [node, height, left, top, zoom, width, tall, network, folding]);
}

function leaderTo(disc: { x: number; y: number }, card: { x: number; y: number }, size: { width: number; height: number }): string {
  const x = Math.max(card.x, Math.min(disc.x, card.x + size.width));
  const y = Math.max(card.y + 14, Math.min(disc.y, card.y + size.height - 14));
  return `M${disc.x} ${disc.y}L${x} ${y}`;
}
