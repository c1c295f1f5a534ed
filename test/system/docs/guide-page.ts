/** What a page of the guide has a reader run, and what it says comes of it. */
export type Step = {
  /** `sh`: pasted into the shell of the whole guide. `ts`: a program of its own, in the guide's folder. */
  readonly language: 'sh' | 'ts';
  readonly text: string;
  /** The block behind it: JSON or lines in which `…` stands for anything. */
  readonly expected: { readonly language: 'json' | 'text'; readonly text: string } | undefined;
  /** For who reads a failure: page and line. */
  readonly place: string;
};

const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** The steps of a page in their order. Throws for an expectation without a step and for a language it does not know. */
export function readSteps(name: string, markdown: string): Step[] {
  const steps: Step[] = [];
  for (const match of markdown.matchAll(BLOCK)) {
    const [, language = '', text = ''] = match;
    const place = `${name}:${markdown.slice(0, match.index).split('\n').length}`;
    if (language === 'sh' || language === 'ts') {
      steps.push({ language, text, expected: undefined, place });
    } else if (language === 'json' || language === 'text') {
      const step = steps.pop();
      if (step?.expected !== undefined || step === undefined) throw new Error(`${place} is of no command`);
      steps.push({ ...step, expected: { language, text } });
    } else if (language !== 'mermaid') {
      throw new Error(`${place}: no reader can run ${language}`);
    }
  }
  return steps;
}

const ELLIPSIS = '…';

/** Why what was said is not what the page says; undefined if it is. */
export function findDifference(
  said: string,
  { language, text }: NonNullable<Step['expected']>,
): string | undefined {
  if (language === 'text')
    return matches(said.trim(), text.trim()) ? undefined : `said:\n${said}\nexpected:\n${text}`;
  return differ(JSON.parse(said), JSON.parse(text), '');
}

/** Objects may have more than is shown, lists may not, unless their last item is `…`. */
function differ(said: unknown, shown: unknown, path: string): string | undefined {
  if (typeof shown === 'string' && shown.includes(ELLIPSIS)) {
    return matches(String(said), shown) ? undefined : `${path}: ${JSON.stringify(said)} is not ${shown}`;
  }
  if (Array.isArray(shown)) {
    if (!Array.isArray(said)) return `${path}: is no list`;
    const items = shown.at(-1) === ELLIPSIS ? shown.slice(0, -1) : shown;
    if (items === shown && said.length !== shown.length) return `${path}: has ${said.length} items`;
    return first(items.map((item, index) => differ(said[index], item, `${path}/${index}`)));
  }
  if (typeof shown === 'object' && shown !== null) {
    if (typeof said !== 'object' || said === null) return `${path}: is no object`;
    return first(
      Object.entries(shown).map(([name, value]) => differ(Reflect.get(said, name), value, `${path}/${name}`)),
    );
  }
  return said === shown ? undefined : `${path}: ${JSON.stringify(said)} is not ${JSON.stringify(shown)}`;
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined);
}

function matches(said: string, pattern: string): boolean {
  const source = pattern.split(ELLIPSIS).map((part) => RegExp.escape(part));
  return new RegExp(`^${source.join('[\\s\\S]*?')}$`).test(said);
}
