declare module 'wawoff2/decompress.js' {
  /** A TrueType font of a compressed one (WOFF2). */
  const decompress: (bytes: Uint8Array) => Promise<Uint8Array>;
  export = decompress;
}
