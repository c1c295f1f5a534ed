import type { Plugin } from 'esbuild';
import type { Descriptions } from '../src/forms/description.ts';
import { readDocument } from './document.ts';
import { describeOperations } from './operations.ts';

const NAME = 'florin:descriptions';

/**
 * The module `florin:descriptions`: what forms need of `openapi.json`, a chunk for each tag. The first page loads none
 * of it.
 */
export function descriptions(): Plugin {
  return {
    name: 'descriptions',
    setup(build) {
      const byTag = describeOperations(readDocument());
      build.onResolve({ filter: /^florin:descriptions/ }, ({ path }) => ({ path, namespace: 'florin' }));
      build.onLoad({ filter: /.*/, namespace: 'florin' }, ({ path }) => {
        const tag = [...byTag.keys()].find((one) => path === pathOf(one));
        if (tag === undefined) return { contents: index(byTag), loader: 'js' };
        return { contents: JSON.stringify(byTag.get(tag)), loader: 'json' };
      });
    },
  };
}

/** The module of a tag; its file is named after it. */
function pathOf(tag: string): string {
  return `${NAME}/about-${tag.toLowerCase().replaceAll(' ', '-')}`;
}

function index(byTag: ReadonlyMap<string, Descriptions>): string {
  const tags = [...byTag].flatMap(([tag, { operations }]) =>
    Object.keys(operations).map((operation) => [operation, tag]),
  );
  const loaders = [...byTag.keys()].map(
    (tag) => `${JSON.stringify(tag)}: () => import(${JSON.stringify(pathOf(tag))})`,
  );
  return `export const tags = ${JSON.stringify(Object.fromEntries(tags))};
export const load = { ${loaders.join(', ')} };`;
}
