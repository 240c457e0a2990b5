import { useStore as useFlowStore } from "@xyflow/react";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { adopt } from "../actions/edit";
import { openNotice, stepNotice, useOpenNotice } from "../actions/notices";
import { applyFix, fixedNetwork, nameOf } from "../actions/session";
import { boxAt } from "../canvas/geometry";
import type { Numbered } from "../canvas/notices";
import { focusBlock, stage } from "../canvas/stage";
import type { Analysis, Network } from "../generated/types";
import { api } from "../net/api";
import { Link, paths } from "../routes";
import { useStore } from "../store";
import { analysisSettings } from "../store/analyser";
import { meaningOf } from "../store/analysis";
import { useExperiment } from "../store/experiment";
import { useGuidelines } from "../store/guidelines";
import { showPreview, usePreview } from "../store/preview";
import { Button, IconButton } from "../ui/Button";
import { placeCard, type Rect } from "./cardPlace";
import { BeforeAfter, NowAndAfter } from "./NowAndAfter";

const WIDTH = 336;
/** Px around a block for its outline, ports and name. */
const AROUND = 10;
/** Px of a name below its block: at most, and of one letter. */
const LONGEST_NAME = 176;
const LETTER = 7;
/** Px of the figure that the count of notices takes at the top, and the caption at the foot. */
const TOP = 40;
const FOOT = 44;

interface Props {
  shown: Numbered;
  /** Its place among all notices, from 0, and how many there are. */
  at: number;
  of: number;
}

/** One notice, open: what, why, what it would be instead, and one press to get there. A leader joins it to its block. */
export function NoticeCard({ shown, at, of }: Props) {
  const { notice, number, key } = shown;
  const after = useAfter(shown);
  const [height, setHeight] = useState(0);
  const spot = useSpot(notice.node, height);
  const card = useRef<HTMLElement | null>(null);
  const previewed = usePreview((state) => state.preview !== null);
  useFocusOn(card, key);
  const measure = useCallback((element: HTMLElement | null) => {
    card.current = element;
    if (element) setHeight(element.offsetHeight);
  }, []);
  useEffect(() => setHeight(card.current?.offsetHeight ?? 0), [key, after]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(notice.node);
  };
  return (
    <>
      {spot.leader && (
        <svg className="notice-leader" aria-hidden="true">
          <path d={spot.leader} data-level={notice.level} />
        </svg>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from anywhere inside */}
      <section className="notice-card scroll nowheel nopan" data-level={notice.level} ref={measure} tabIndex={-1} hidden={previewed} style={{ left: spot.x, top: spot.y, width: spot.width, maxHeight: spot.most }} aria-label={`Notice on ${notice.node ? nameOf(notice.node) : "the network"}`} onKeyDown={press}>
        <header>
          <span className="notice-number">{notice.level === "error" ? "!" : number}</span>
          <h3>{notice.message}</h3>
          <IconButton label="Close the notice" icon="close" size="small" onClick={() => close(notice.node)} />
        </header>
        {notice.fix && (
          <>
            <NowAndAfter made={after?.made ?? null} after={after?.analysis ?? null} />
            <BeforeAfter after={after?.analysis.totals ?? null} />
          </>
        )}
        {notice.hint && <p>{notice.hint}</p>}
        {notice.fix && <Ways shown={shown} label={notice.fix.label} after={after} />}
        <footer className="notice-foot">
          <Why id={notice.id} level={notice.level} />
          <span className="small muted">{notice.id}</span>
          {of > 1 && (
            <span className="notice-walk">
              <IconButton label="Notice before" hint="P" icon="left" size="small" onClick={() => stepNotice(-1)} />
              <span className="small muted">
                {at + 1} of {of}
              </span>
              <IconButton label="Next notice" hint="N" icon="right" size="small" onClick={() => stepNotice(1)} />
            </span>
          )}
        </footer>
      </section>
    </>
  );
}

/** Put the card away; the keyboard goes back to the block that it spoke of. */
function close(node: string | null) {
  openNotice(null);
  if (node) focusBlock(node);
}

/** Opened by keyboard, the card is where the keyboard is, so that it is read out. */
function useFocusOn(card: RefObject<HTMLElement | null>, key: string) {
  useEffect(() => {
    if (!useOpenNotice.getState().byKeys || card.current?.contains(document.activeElement)) return;
    card.current?.focus({ preventScroll: true });
  }, [card, key]);
}

/** Do it, or look at it first. */
function Ways({ shown, label, after }: { shown: Numbered; label: string; after: After | null }) {
  const stale = useStore((state) => state.analysed !== meaningOf(state.network));
  const waits = stale ? "Checking the last change first" : null;
  const take = () => {
    const node = shown.notice.node;
    openNotice(null);
    void applyFix(shown.notice, after?.made).then(() => node && focusBlock(node));
  };
  const look = () => after && showPreview({ key: shown.key, label, network: adopt(useStore.getState().network, after.made).network, analysis: after.analysis });
  return (
    <footer>
      <Button look="main" size="small" blocked={waits} onClick={take}>
        <span className="notice-action">{label}</span>
      </Button>
      <Button size="small" blocked={waits ?? (after ? null : "It is being worked out")} data-preview-of={shown.key} onClick={look}>
        Preview
      </Button>
    </footer>
  );
}

/** The way to the guideline's page; an error says all itself, unless the page is known to be there. */
function Why({ id, level }: { id: string; level: string }) {
  const known = useGuidelines((state) => state.list?.some((guideline) => guideline.id === id));
  if (known === false || (known === undefined && level === "error")) return null;
  return (
    <Link className="notice-why" href={paths.why(id)}>
      Why
    </Link>
  );
}

interface After {
  made: Network;
  analysis: Analysis;
}

/** The network as it would be after the fix, and what the site says of it. */
function useAfter({ notice, key }: Numbered): After | null {
  const recipe = useExperiment((state) => state.recipe);
  const [after, setAfter] = useState<(After & { of: string }) | null>(null);
  const offered = notice.fix !== null;
  const of = useStore((state) => state.analysed);
  const latest = useRef(notice);
  latest.current = notice;
  useEffect(() => {
    if (!offered) return;
    const stop = new AbortController();
    fixedNetwork(latest.current, stop.signal)
      .then(async (made) => ({ of: `${key} ${of}`, made, analysis: await api.analyse(made, { ...analysisSettings(recipe), signal: stop.signal }) }))
      .then(setAfter)
      .catch(() => undefined); // the card says what it can without the numbers
    return () => stop.abort();
  }, [offered, recipe, key, of]); // asked anew after each change of the network
  return after?.of === `${key} ${of}` ? after : null;
}

interface Spot {
  x: number;
  y: number;
  leader: string | null;
  /** Px it is wide, and may be high: what is longer scrolls. */
  width: number;
  most: number;
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
    const card = { width: Math.min(WIDTH, width - 16), height: height || 200 };
    const view: Rect = { left: 8, top: TOP, right: width - 8, bottom: tall - FOOT };
    const root = node === null ? undefined : model?.drawing.root.get(node);
    const onPage = (id: string): Rect | null => {
      const piece = model?.pieces.get(id);
      const place = model?.places.get(id);
      if (!piece || !place) return null;
      const box = boxAt(piece.size, place.x, place.y);
      return { left: box.left * zoom + left, right: box.right * zoom + left, top: box.top * zoom + top, bottom: (box.bottom + 18) * zoom + top };
    };
    const middleOf = (id: string) => ((model?.places.get(id)?.x ?? 0) + (model?.pieces.get(id)?.size.w ?? 0) / 2) * zoom + left;
    const home = root === undefined ? null : onPage(root);
    const room = { width: card.width, most: view.bottom - view.top };
    if (!home) return { x: view.left + 8, y: view.top, leader: null, ...room };
    const others = [...(model?.pieces.keys() ?? [])].flatMap((id) => onPage(id) ?? []);
    const disc = { x: home.left, y: home.top + (model?.pieces.get(root ?? "")?.size.dy ?? 0) * zoom };
    const name = Math.min(LONGEST_NAME, (model?.pieces.get(root ?? "")?.label.length ?? 0) * LETTER) / 2;
    const middle = middleOf(root ?? "");
    const own = { left: Math.min(home.left - AROUND, middle - name), right: Math.max(home.right + AROUND, middle + name), top: home.top - AROUND, bottom: home.bottom + AROUND };
    const place = placeCard(card, own, others, view);
    return { ...place, leader: leaderTo(disc, place, card), ...room };
  }, [node, height, left, top, zoom, width, tall, network, folding]);
}

function leaderTo(disc: { x: number; y: number }, card: { x: number; y: number }, size: { width: number; height: number }): string {
  const x = Math.max(card.x, Math.min(disc.x, card.x + size.width));
  const y = Math.max(card.y + 14, Math.min(disc.y, card.y + size.height - 14));
  return `M${disc.x} ${disc.y}L${x} ${y}`;
}
