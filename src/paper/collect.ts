/** All bytes of a PDF, once it has ended. Call it before the document is written to. */
export function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  document.once('end', () => resolve(Buffer.concat(chunks)));
  document.once('error', reject);
  return promise;
}
