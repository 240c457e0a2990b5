import { type ReactNode, useEffect, useRef } from "react";
import type { GuidelineView } from "../generated/types";
import { ThemeButton } from "../panels/ThemeButton";
import { WhyList } from "../panels/WhyList";
import { Link, openedFrom, paths } from "../routes";
import { useExperiment } from "../store/experiment";
import { loadGuidelines, useGuidelines } from "../store/guidelines";
import { Button } from "../ui/Button";
import { Icon, Mark } from "../ui/Icon";
import "../styles/why.css";

/** Why a notice is given: one guideline to read, beside the list of all. */
export function WhyPage({ id }: { id: string | null }) {
  const list = useGuidelines((state) => state.list);
  const problem = useGuidelines((state) => state.problem);
  useEffect(() => void loadGuidelines(), []);
  const found = list?.find((guideline) => guideline.id === id);
  const title = found?.title ?? "Guidelines";
  useEffect(() => {
    document.title = `${title} · CNN playground`;
  }, [title]);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    page.current?.scrollTo(0, 0);
    if (document.activeElement !== document.body) page.current?.focus({ preventScroll: true }); // a link of the list was followed
  }, [id]);
  return (
    <div className="why" data-bare={list?.length === 0 || undefined}>
      <Top />
      {list && list.length > 0 ? <WhyList list={list} current={found?.id ?? null} /> : list?.length !== 0 && <div className="why-list" />}
      <main id="content" ref={page} className="why-page scroll" tabIndex={-1}>
        {problem !== null && !list ? <Failed problem={problem} /> : !list ? <Loading /> : found ? <Reading guideline={found} /> : <Otherwise id={id} list={list} />}
      </main>
    </div>
  );
}

function Top() {
  const name = useExperiment((state) => (state.status === "ready" ? state.name : null));
  const slot = useExperiment((state) => (state.status === "ready" && state.id === null ? state.slot : null));
  const opened = openedFrom();
  const from = opened?.startsWith(paths.draft()) && slot !== null ? paths.kept(slot) : opened; // a draft that was changed has a place of its own
  return (
    <header className="top">
      <Link className="home-title" href={paths.home()} aria-label="CNN playground, start page">
        <Mark />
        <span>CNN playground</span>
      </Link>
      <span className="top-space" />
      {from !== null && from !== paths.home() && (
        <Link className="button" href={from}>
          <Icon name="left" />
          {name === null ? "Back" : `Back to ${name}`}
        </Link>
      )}
      <ThemeButton />
    </header>
  );
}

function Reading({ guideline }: { guideline: GuidelineView }) {
  const { id, title, why, rule, source, lecture } = guideline;
  return (
    <article>
      <p className="why-kicker">
        Guideline <span className="why-id">{id}</span>
      </p>
      <h1>{title}</h1>
      {why.map((paragraph) => (
        <p key={paragraph} className="why-text">
          {paragraph}
        </p>
      ))}
      <dl className="why-facts">
        {rule && <Fact name="When the notice appears">{rule}</Fact>}
        {source && <Fact name="Source">{source}</Fact>}
        {lecture.length > 0 && <Fact name={lecture.length > 1 ? "Items of the lecture" : "Item of the lecture"}>{lecture.join(", ")}</Fact>}
      </dl>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** No guideline was asked for, or one that this site does not know. */
function Otherwise({ id, list }: { id: string | null; list: readonly GuidelineView[] }) {
  return (
    <article>
      <h1>{id === null ? "Guidelines" : "No such guideline"}</h1>
      {id !== null && <p className="why-text">This site knows no guideline called “{id}”.{list.length > 0 && " The ones it knows are beside this."}</p>}
      {id === null && list.length > 0 && <p className="why-text">What the playground looks for in a network, and why. Each notice on a figure leads to its page here; choose one to read.</p>}
      {id === null && list.length === 0 && <p className="why-text">This site lists no guidelines.</p>}
    </article>
  );
}

function Loading() {
  return <div className="why-loading ghost" aria-busy="true" aria-label="Loading the guidelines" />;
}

function Failed({ problem }: { problem: string }) {
  return (
    <article role="alert">
      <h1>The guidelines could not be loaded</h1>
      <p className="why-text">{problem}</p>
      <Button onClick={() => void loadGuidelines()}>Try again</Button>
    </article>
  );
}
