import { useEffect, useMemo, useRef } from "react";
import { openNotice } from "../actions/notices";
import { applyFix } from "../actions/session";
import { Figure } from "../canvas/Figure";
import type { Numbered } from "../canvas/notices";
import { focusBlock, stage } from "../canvas/stage";
import { useStore } from "../store";
import { endPreview, type Preview, watchPreview, usePreview } from "../store/preview";
import { Button } from "../ui/Button";
import { BeforeAfter, differing } from "./NowAndAfter";

/** Over the figure: the network as a notice would have it, to look at. Nothing of it is in the document or its history. */
export function PreviewFigure({ notices }: { notices: readonly Numbered[] }) {
  const preview = usePreview((state) => state.preview);
  useEffect(watchPreview, []);
  return preview && <Shown preview={preview} notice={notices.find((other) => other.key === preview.key)} />;
}

function Shown({ preview, notice }: { preview: Preview; notice: Numbered | undefined }) {
  const root = useRef<HTMLDivElement>(null);
  const open = useStore((state) => state.open);
  const network = useStore((state) => state.network);
  const changed = useMemo(() => new Set(differing(preview.network, network)), [preview, network]);
  useMarked(root, changed);
  useAlone(root, preview.key);
  const take = () => {
    endPreview();
    openNotice(null);
    const node = notice?.notice.node;
    if (notice) void applyFix(notice.notice, preview.network).then(() => node && focusBlock(node));
  };
  return (
    <div ref={root} className="preview">
      <Figure network={preview.network} analysis={preview.analysis} open={open} label={`Preview: ${preview.label}`} />
      <section className="preview-bar" aria-label="Preview">
        <div className="preview-words">
          <p className="preview-title">Preview</p>
          <p className="small muted">Nothing is changed yet. What would be new or different is outlined.</p>
        </div>
        <BeforeAfter after={preview.analysis.totals} />
        <div className="preview-ways">
          <Button look="main" size="small" onClick={take}>
            <span className="notice-action">{preview.label}</span>
          </Button>
          <Button size="small" data-first="" onClick={endPreview}>
            Back
          </Button>
        </div>
      </section>
    </div>
  );
}

/** Outline the blocks that would change, as soon as they are drawn. */
function useMarked(root: React.RefObject<HTMLElement | null>, changed: ReadonlySet<string>) {
  useEffect(() => {
    const figure = root.current;
    if (!figure) return;
    const mark = () => {
      for (const node of figure.querySelectorAll<HTMLElement>(".react-flow__node")) {
        const isNew = changed.has(node.dataset.id ?? "");
        if ("changed" in node.dataset !== isNew) node.toggleAttribute("data-changed", isNew);
      }
    };
    mark();
    const watch = new MutationObserver(mark);
    watch.observe(figure, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [root, changed]);
}

/** While it is shown the figure below takes no key and no press; Escape goes back, and the keyboard returns to the card. */
function useAlone(root: React.RefObject<HTMLElement | null>, key: string) {
  useEffect(() => {
    const below = stage.root;
    if (below) below.inert = true;
    root.current?.querySelector<HTMLElement>("[data-first]")?.focus();
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      endPreview();
    };
    document.addEventListener("keydown", press, true);
    return () => {
      document.removeEventListener("keydown", press, true);
      if (below) below.inert = false;
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-preview-of="${CSS.escape(key)}"]`)?.focus());
    };
  }, [root, key]);
}
