import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["node_modules/", "src/api/schema.d.ts"] }, // the second is generated from OpenAPI
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "max-lines": ["error", { max: 400 }], // aim at 250; the wall is 400
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 15],
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-imports": ["error", { patterns: ["**/widget/**"] }], // the desk never imports the widget
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      "svelte/no-at-html-tags": "error", // a customer's text is never markup; mail is shown in its own frame
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAwaitBlock", message: "It keeps what it came to for ever: `outcome` of ui/outcome lets go." },
      ],
      "prefer-const": "off", // svelte/prefer-const knows $props and $state
      "svelte/prefer-const": "error",
    },
  },
  {
    files: ["widget/**/*.ts"],
    ...lit.configs["flat/recommended"],
    rules: {
      ...lit.configs["flat/recommended"].rules,
      // nothing of the desk: its weight would land on every customer's page
      "no-restricted-imports": ["error", { patterns: ["**/src/**", "svelte", "svelte/*", "@lucide/*", "bits-ui"] }],
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: { "max-lines-per-function": "off" }, // a describe block is one function
  },
  {
    files: ["*.{js,ts}", "scripts/**"],
    languageOptions: { globals: { ...globals.node } },
    rules: { "no-console": "off" },
  },
);
