/**
 * All bytes of a PDF, once it has ended. Call it before the document is written to. The document's own queue is passed
 * over: it takes from its front piece by piece, and a long document ends with some 100,000 pieces at once.
 */
export function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const chunks: Uint8Array[] = [];
  document.push = (chunk: Uint8Array | null): boolean => {
    if (chunk === null) resolve(Buffer.concat(chunks));
    else chunks.push(chunk);
    return true;
  };
  return promise;
}
