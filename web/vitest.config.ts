/** Unit tests of desk and widget, in a simulated browser. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    environment: "happy-dom",
    include: ["{src,marks,widget,worker,tests}/**/*.test.ts"],
    maxWorkers: 2,
    // How long a test takes says how busy the machine is, and nothing of what is tested.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
