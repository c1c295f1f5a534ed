import { fastify } from 'fastify';

/** The page at `/docs` and its script. */
type DocsPage = { readonly html: string; readonly script: string };

const PREFIX = '/docs';

let page: Promise<DocsPage> | undefined;

/**
 * The page, made when somebody first asks for it. The module of its script is five megabytes of text, and takes 35 of
 * memory: more than a tenth of a server that nobody reads the documentation of.
 */
export function docsPage(): Promise<DocsPage> {
  page ??= render().catch((error: unknown) => {
    page = undefined;
    throw error;
  });
  return page;
}

/** What its plugin answers, in a server of its own that never listens. */
async function render(): Promise<DocsPage> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  await using server = fastify();
  await server.register(apiReference, {
    routePrefix: PREFIX,
    configuration: {
      url: `${PREFIX}/openapi.json`,
      pageTitle: 'Florin API',
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      persistAuth: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  const [html, script] = await Promise.all(
    [`${PREFIX}/`, `${PREFIX}/js/scalar.js`].map((url) => server.inject(url)),
  );
  if (html?.statusCode !== 200 || script?.statusCode !== 200)
    throw new TypeError('the page of the document has no answer');
  return { html: html.body, script: script.body };
}
