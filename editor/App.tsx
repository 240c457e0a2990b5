import { type ComponentType, lazy, Suspense, useEffect } from "react";
import { HomePage } from "./pages/HomePage";
import { MissingPage } from "./pages/MissingPage";
import { type Route, useRoute } from "./routes";
import { loadCatalogue } from "./store/catalogue";
import { openRoute } from "./store/experiment";
import { Toasts } from "./ui/Toasts";

const BuildPage = lazy(() => import("./pages/BuildPage").then((module) => ({ default: module.BuildPage })));
const TrainPage: ComponentType<{ experiment: string; run: string }> = lazy(() =>
  import("./pages/TrainPage").then((module) => ({ default: module.TrainPage })),
);

/** The page at the current address. Build and Train are chunks of their own. */
export function App() {
  const route = useRoute();
  useEffect(() => {
    void loadCatalogue();
  }, []);
  useEffect(() => openRoute(route), [route]);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Suspense fallback={<main id="content" aria-busy="true" />}>
        <Page route={route} />
      </Suspense>
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
      return <BuildPage />; // one for both: a draft that was just saved stays as it stands
    case "train":
      return <TrainPage key={route.run} experiment={route.experiment} run={route.run} />;
    case "missing":
      return <MissingPage />;
  }
}
