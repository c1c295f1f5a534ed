/**
 * All bytes of a PDF, once it has ended. Call it before the document is written to, and not in the turn in which it ends.
 * The document's own queue gives its head, and is passed over then: it takes from its front piece by piece, and a long
 * document ends with some 100,000 pieces at once.
 */
export function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const head: Uint8Array[] = [];
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => head.push(chunk));
  document.push = (chunk: Uint8Array | null): boolean => {
    if (chunk === null) resolve(Buffer.concat([...head, ...chunks]));
    else chunks.push(chunk);
    return true;
  };
  return promise;
}
