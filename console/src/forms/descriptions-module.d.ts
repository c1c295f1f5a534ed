/** Made of `openapi.json` when the console is built: `console/describe/plugin.ts`. */
declare module 'florin:descriptions' {
  /** Which tag each operation is under. */
  export const tags: Readonly<Record<string, string>>;
  /** The descriptions of a tag, each tag in a file of its own. */
  export const load: Readonly<
    Record<string, () => Promise<{ readonly default: import('./description.ts').Descriptions }>>
  >;
}
