import { useEffect, useState } from "react";
import type { EmbedView } from "../generated/types";
import { ApiError, isAbort, words } from "../net/errors";
import { sharingApi } from "../net/sharing";
import { shortCount } from "../canvas/words";
import { Art } from "../panels/home/Art";
import { EmbedCurves } from "../panels/embed/EmbedCurves";
import { percentRight, stateWords } from "../panels/runWords";
import { Chip } from "../ui/Chip";
import { Mark } from "../ui/Icon";
import "../panels/embed/embed.css";

const WHILE_LIVE = 1000; // ms between looks
const AFTER_FAILURE = 5000;

/** A run in a frame on another page: its drawing, its curves, its figures; live, without a cookie, and nothing to press. */
export function EmbedPage({ id }: { id: string }) {
  const { view, problem } = useEmbed(id);
  useEffect(() => {
    document.title = view ? `${view.name} · CNN playground` : "CNN playground";
  }, [view]);
  if (problem !== null && !view) return <p className="embed-problem">{problem}</p>;
  if (!view) return <main id="content" className="embed" aria-busy="true" />;
  const state = view.run && stateWords(view.run);
  return (
    <div className="embed">
      <header className="embed-top">
        <Mark />
        <h1 title={view.name}>{view.name}</h1>
        {state ? (
          <Chip tone={state.tone} dot={state.moving}>
            {state.text}
          </Chip>
        ) : (
          <Chip tone={view.run ? "good" : "plain"}>{view.title}</Chip>
        )}
        <a href={view.href} target="_blank" rel="noopener">
          Open
        </a>
      </header>
      <main id="content">
        <Art network={view.network} ratio={4} />
        <EmbedCurves view={view} />
        <Figures view={view} />
      </main>
    </div>
  );
}

function Figures({ view }: { view: EmbedView }) {
  const { run, parameters, dataset } = view;
  const accuracy = run?.test_accuracy ?? run?.best_validation_accuracy ?? null;
  return (
    <p className="embed-facts">
      {[
        dataset,
        parameters !== null && `${shortCount(parameters)} parameters`,
        run && `step ${run.step.toLocaleString("en-GB")}${run.total_steps ? ` of ${run.total_steps.toLocaleString("en-GB")}` : ""}`,
        accuracy !== null && `${percentRight(accuracy)} ${run?.test_accuracy === null ? "held-out" : "test"} accuracy`,
      ]
        .filter(Boolean)
        .join(" · ")}
    </p>
  );
}

/** Looked at again while it is live and somebody can see it. */
function useEmbed(id: string) {
  const [view, setView] = useState<EmbedView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const control = new AbortController();
    let timer = 0;
    const next = (wait: number) => {
      timer = window.setTimeout(() => (document.visibilityState === "visible" ? void look() : next(wait)), wait);
    };
    const look = async () => {
      let wait = 0;
      try {
        const found = await sharingApi.embed(id, control.signal);
        setView(found);
        setProblem(null);
        wait = found.live ? WHILE_LIVE : 0;
      } catch (error) {
        if (isAbort(error)) return;
        const over = error instanceof ApiError && error.status === 404;
        if (over) setView(null);
        setProblem(words(error));
        wait = over ? 0 : AFTER_FAILURE;
      }
      if (wait > 0) next(wait);
    };
    void look();
    return () => {
      control.abort();
      window.clearTimeout(timer);
    };
  }, [id]);
  return { view, problem };
}
