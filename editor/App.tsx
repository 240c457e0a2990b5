import { lazy, Suspense, useEffect, useState } from "react";
import { askAhead } from "./net/ahead";
import { MissingPage } from "./pages/MissingPage";
import type { TrainPage } from "./pages/TrainPage";
import { ExperimentNotes } from "./panels/top/ExperimentNotes";
import { currentRoute, type Route, useRoute } from "./routes";
import { save, watchForChanges } from "./store/autosave";
import { loadCatalogue } from "./store/catalogue";
import { openRoute, useExperiment } from "./store/experiment";
import { openCommands, useUi } from "./store/ui";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { Toasts } from "./ui/Toasts";

const HomePage = lazy(() => import("./pages/HomePage").then((module) => ({ default: module.HomePage })));
const BuildPage = lazy(() => import("./pages/BuildPage").then((module) => ({ default: module.BuildPage })));
const ZooPage = lazy(() => import("./pages/ZooPage").then((module) => ({ default: module.ZooPage })));
const ExhibitPage = lazy(() => import("./pages/ExhibitPage").then((module) => ({ default: module.ExhibitPage })));
const PlanePage = lazy(() => import("./pages/PlanePage").then((module) => ({ default: module.PlanePage })));
const ComparePage = lazy(() => import("./pages/ComparePage").then((module) => ({ default: module.ComparePage })));
const CommandPalette = lazy(() => import("./panels/CommandPalette").then((module) => ({ default: module.CommandPalette })));
const WhyPage = lazy(() => import("./pages/WhyPage").then((module) => ({ default: module.WhyPage })));

const opened = currentRoute();
if (opened.page === "compare" && opened.runs.length > 0) askAhead(opened.runs);

let trainPage: typeof TrainPage | null = null;
const LazyTrainPage = lazy(() => fetchTrainPage().then((page) => ({ default: page })));

/** Fetched while a network is built, for then a press on Train shows the run at once. */
async function fetchTrainPage() {
  trainPage = (await import("./pages/TrainPage")).TrainPage;
  return trainPage;
}

/** The page at the current address. Build and Train are chunks of their own. */
export function App() {
  const route = useRoute();
  useEffect(() => {
    void loadCatalogue();
    return watchForChanges();
  }, []);
  useEffect(() => openRoute(route), [route]);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <ErrorBoundary of={JSON.stringify(route)}>
        <Page route={route} />
      </ErrorBoundary>
      <Toasts />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return (
        <Suspense fallback={<Waiting />}>
          <HomePage />
        </Suspense>
      );
    case "why":
      return (
        <Suspense fallback={<Waiting />}>
          <WhyPage id={route.id} />
        </Suspense>
      );
    case "draft":
    case "build":
      return (
        <Suspense fallback={<Waiting />}>
          <Build />
        </Suspense>
      );
    case "train":
      return (
        <Suspense fallback={<Waiting />}>
          <Train key={route.run} experiment={route.experiment} run={route.run} />
        </Suspense>
      );
    case "zoo":
      return (
        <Suspense fallback={<Waiting />}>
          <ZooPage />
        </Suspense>
      );
    case "exhibit":
      return (
        <Suspense fallback={<Waiting />}>
          <ExhibitPage key={route.name} name={route.name} />
        </Suspense>
      );
    case "plane":
      return (
        <Suspense fallback={<Waiting />}>
          <PlanePage runs={route.runs} />
        </Suspense>
      );
    case "compare":
      return (
        <Suspense fallback={<Waiting />}>
          <ComparePage runs={route.runs} experiment={route.experiment} />
        </Suspense>
      );
    case "missing":
      return <MissingPage />;
  }
}

/** The train view; without suspending where its chunk is here: once shown, React keeps a fallback for 300 ms. */
function Train(props: { experiment: string; run: string }) {
  const [View] = useState(() => trainPage ?? LazyTrainPage);
  return <View {...props} />;
}

/** The build view. A draft that was just saved stays as it stands: its view is not made anew. */
function Build() {
  const name = useExperiment((state) => state.name);
  const status = useExperiment((state) => state.status);
  const commands = useUi((state) => state.commandsOpen);
  useEffect(() => {
    document.title = status === "ready" ? `${name} · CNN playground` : "CNN playground";
  }, [name, status]);
  useEffect(() => {
    if (status === "ready") fetchTrainPage().catch(() => undefined);
  }, [status]);
  useEffect(() => {
    window.addEventListener("keydown", pageKeys);
    return () => window.removeEventListener("keydown", pageKeys);
  }, []);
  if (status === "missing") return <MissingPage title="No such experiment" message="It was deleted, or it belongs to another browser." />;
  return (
    <>
      <BuildPage />
      <ExperimentNotes />
      <Suspense fallback={null}>{commands && <CommandPalette onClose={() => openCommands(false)} />}</Suspense>
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
