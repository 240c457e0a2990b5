import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Chunks import each other by these hashed names: the site must serve static/editor/ as it is, without hashing the names again.
export default defineConfig({
  root: here("editor"),
  base: "/static/editor/",
  publicDir: false,
  cacheDir: here("node_modules/.vite"),
  plugins: [react()],
  build: {
    outDir: here("static/editor"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0, // no data: addresses, so that the page may forbid them
    chunkSizeWarningLimit: 900, // kB before compression; the page may weigh 300 kB after it
    rolldownOptions: {
      input: here("editor/main.tsx"),
      // What many pages share is one file, not forty: a browser asks for six at a time.
      output: { codeSplitting: { groups: [{ name: "shared", test: /editor[\\/](?!pages)/, minShareCount: 4 }] } },
    },
  },
});
