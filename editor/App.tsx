import { type ComponentType, useEffect } from "react";
import { askAhead } from "./net/ahead";
import { MissingPage } from "./pages/MissingPage";
import { ExperimentNotes } from "./panels/top/ExperimentNotes";
import { currentRoute, type Route, useRoute } from "./routes";
import { save, watchForChanges } from "./store/autosave";
import { loadCatalogue } from "./store/catalogue";
import { openRoute, useExperiment } from "./store/experiment";
import { openCommands, useUi } from "./store/ui";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { lazily, usePrefetchAtTouch } from "./ui/lazily";
import { Toasts } from "./ui/Toasts";

/** A page in a chunk of its own. */
const page = <Props extends object>(load: () => Promise<ComponentType<Props>>) => lazily(load, <Waiting />);
const HomePage = page(() => import("./pages/HomePage").then((module) => module.HomePage));
const BuildPage = page(() => import("./pages/BuildPage").then((module) => module.BuildPage));
const TrainPage = page(() => import("./pages/TrainPage").then((module) => module.TrainPage));
const ZooPage = page(() => import("./pages/ZooPage").then((module) => module.ZooPage));
const ExhibitPage = page(() => import("./pages/ExhibitPage").then((module) => module.ExhibitPage));
const ExperimentPage = page(() => import("./pages/ExperimentPage").then((module) => module.ExperimentPage));
const PlanePage = page(() => import("./pages/PlanePage").then((module) => module.PlanePage));
const DataPage = page(() => import("./pages/DataPage").then((module) => module.DataPage));
const GalleryPage = page(() => import("./pages/GalleryPage").then((module) => module.GalleryPage));
const EmbedPage = page(() => import("./pages/EmbedPage").then((module) => module.EmbedPage));
const ComparePage = page(() => import("./pages/ComparePage").then((module) => module.ComparePage));
const WhyPage = page(() => import("./pages/WhyPage").then((module) => module.WhyPage));
const CommandPalette = lazily(() => import("./panels/CommandPalette").then((module) => module.CommandPalette));

const opened = currentRoute();
if (opened.page === "compare" && opened.runs.length > 0) askAhead(opened.runs);
/** Begun before its page is here, which takes over; ended by whoever leaves earlier. */
const ahead = opened.page === "train" ? import("./store/run").then(({ openRun }) => openRun(opened.run), () => undefined) : null;

/** Fetched while a network is built, for then a press on Train shows the run at once. */
const AFTER_BUILD = [TrainPage, CommandPalette];

/** The page at the current address. Build and Train are chunks of their own. */
export function App() {
  const route = useRoute();
  const shown = useShown(route);
  useEffect(() => {
    void loadCatalogue();
    return watchForChanges();
  }, []);
  useEffect(() => openRoute(route), [route]);
  const left = route.page !== "train" || opened.page !== "train" || route.run !== opened.run;
  useEffect(() => {
    if (left) void ahead?.then((close) => close?.());
  }, [left]);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <ErrorBoundary of={JSON.stringify(shown)}>
        <Page route={shown} />
      </ErrorBoundary>
      <Toasts />
    </>
  );
}

/** What the address names; from a press on Train on the page of the run, while the site is still asked to begin it. */
function useShown(route: Route): Route {
  const run = useExperiment((state) => state.starting);
  const id = useExperiment((state) => state.id);
  const building = route.page === "draft" || (route.page === "build" && route.experiment === id);
  return run !== null && building ? { page: "train", experiment: id ?? "", run } : route;
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "why":
      return <WhyPage id={route.id} />;
    case "draft":
    case "build":
      return <Build />;
    case "train":
      return <TrainPage key={route.run} experiment={route.experiment} run={route.run} />;
    case "zoo":
      return <ZooPage />;
    case "exhibit":
      return <ExhibitPage key={route.name} name={route.name} />;
    case "about":
      return <ExperimentPage key={route.experiment} id={route.experiment} />;
    case "plane":
      return <PlanePage runs={route.runs} />;
    case "data":
      return <DataPage />;
    case "gallery":
      return <GalleryPage />;
    case "embed":
      return <EmbedPage id={route.id} />;
    case "compare":
      return <ComparePage runs={route.runs} experiment={route.experiment} />;
    case "missing":
      return <MissingPage />;
  }
}

/** The build view. A draft that was just saved stays as it stands: its view is not made anew. */
function Build() {
  const name = useExperiment((state) => state.name);
  const status = useExperiment((state) => state.status);
  const absent = useExperiment((state) => state.absent);
  const problem = useExperiment((state) => state.problem);
  const commands = useUi((state) => state.commandsOpen);
  useEffect(() => {
    document.title = status === "ready" ? `${name} · CNN playground` : "CNN playground";
  }, [name, status]);
  usePrefetchAtTouch(AFTER_BUILD);
  useEffect(() => {
    window.addEventListener("keydown", pageKeys);
    return () => window.removeEventListener("keydown", pageKeys);
  }, []);
  if (status === "missing") return <MissingPage title={absent} message={problem ?? undefined} />;
  return (
    <>
      <BuildPage />
      <ExperimentNotes />
      {commands && <CommandPalette onClose={() => openCommands(false)} />}
    </>
  );
}

/** Ctrl or ⌘ with K finds a command, with S saves. */
function pageKeys(event: KeyboardEvent) {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.key === "k") openCommands(!useUi.getState().commandsOpen);
  else if (event.key === "s") void save();
  else return;
  event.preventDefault();
}

/** The outline of a view whose code is on its way. */
function Waiting() {
  return (
    <div className="shell">
      <header className="top" />
      <main id="content" aria-busy="true" />
    </div>
  );
}
