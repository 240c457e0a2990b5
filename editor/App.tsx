import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { HomePage } from "./pages/HomePage";
import { MissingPage } from "./pages/MissingPage";
import { ExperimentNotes } from "./panels/top/ExperimentNotes";
import { TopBar } from "./panels/top/TopBar";
import { type Route, useRoute } from "./routes";
import { watchForChanges } from "./store/autosave";
import { loadCatalogue } from "./store/catalogue";
import { openRoute, useExperiment } from "./store/experiment";
import { Toasts } from "./ui/Toasts";

const BuildPage = lazy(() => import("./pages/BuildPage").then((module) => ({ default: module.BuildPage })));
const TrainPage = lazy(() => import("./pages/TrainPage").then((module) => ({ default: module.TrainPage })));

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
      <Page route={route} />
      <Toasts />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "draft":
    case "build":
      return (
        <Shell route={route}>
          <BuildPage />
        </Shell>
      );
    case "train":
      return (
        <Shell route={route}>
          <TrainPage key={route.run} experiment={route.experiment} run={route.run} />
        </Shell>
      );
    case "missing":
      return <MissingPage />;
  }
}

/** The bar over the views of one experiment. A draft that was just saved stays as it stands: its view is not made anew. */
function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const name = useExperiment((state) => state.name);
  const status = useExperiment((state) => state.status);
  const problem = useExperiment((state) => state.problem);
  const view = route.page === "train" ? "Train" : "Build";
  useEffect(() => {
    document.title = status === "ready" ? `${name} · ${view}` : `${view} · CNN playground`;
  }, [name, status, view]);
  const building = route.page !== "train";
  if (building && status === "missing") {
    return <MissingPage title="No such experiment" message="It was deleted, or it belongs to another browser." />;
  }
  return (
    <div className="shell">
      <TopBar route={route} />
      {building && status === "failed" ? (
        <MissingPage title="This could not be opened" message={problem ?? ""} onRetry={() => openRoute(route)} />
      ) : (
        <Suspense fallback={<main id="content" aria-busy="true" />}>{children}</Suspense>
      )}
      <ExperimentNotes />
    </div>
  );
}
