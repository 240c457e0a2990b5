import "./styles/fonts.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/form.css";
import "./styles/field.css";
import "./styles/home.css";
import "./styles/panels.css";
import "./styles/topbar.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { followTheme } from "./store/ui";

followTheme();
const root = document.querySelector("#app, #root");
if (root) createRoot(root).render(<App />);
