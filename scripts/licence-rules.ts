/** Licences that only require their text to be passed on. */
export const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  // Of the fonts: also that a changed font has another name, and that no font is sold by itself.
  'Bitstream-Vera',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  // Of the fonts, as above.
  'OFL-1.1',
  'PostgreSQL',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Packages whose manifest names no licence that SPDX knows: what the text beside it is, read by a person. */
export const READ_LICENCES: ReadonlyMap<string, string> = new Map([
  ['@informalsystems/quint 0.33.1', 'Apache-2.0'],
  ['dejavu-fonts-ttf 2.37.3', 'Bitstream-Vera'],
  ['png-js 2.0.0', 'MIT'],
]);

/**
 * Tools of the tests, of which nothing is shipped, and what they are under. MPL-2.0 asks that changes of its own files are
 * passed on: none is made.
 */
const TEST_TOOLS: ReadonlyMap<string, string> = new Map([
  ['node_modules/@axe-core/playwright', 'MPL-2.0'],
  ['node_modules/axe-core', 'MPL-2.0'],
]);

/**
 * Whether an SPDX licence expression can be met with allowed licences alone: one side of an OR is enough, an AND needs
 * both and binds tighter (SPDX 3, annex B). Takes `or` in small letters too, as some packages write it. Anything
 * else, and an exception by WITH, is not allowed.
 */
export function isAllowed(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const isNext = (word: string): boolean => tokens[at]?.toUpperCase() === word;

  const anyOf = (): boolean => {
    let met = allOf();
    for (; isNext('OR'); ) {
      at++;
      met = allOf() || met;
    }
    return met;
  };
  const allOf = (): boolean => {
    let met = one();
    for (; isNext('AND'); ) {
      at++;
      met = one() && met;
    }
    return met;
  };
  const one = (): boolean => {
    const token = tokens[at++] ?? '';
    if (token !== '(') return ALLOWED_LICENCES.includes(token);
    const met = anyOf();
    return tokens[at++] === ')' && met;
  };

  const met = anyOf();
  return met && at === tokens.length;
}

/** A package of the lockfile, as far as its licence is concerned. */
export type LockedPackage = {
  /** Its folder, such as `node_modules/pg`. */
  readonly path: string;
  readonly version: string;
  /** From the manifest of what is installed, else from the lockfile. */
  readonly licence: string | undefined;
  /** Whether it stays out of what is shipped. */
  readonly isForDevelopment?: boolean;
  /** Not for this platform, and then perhaps without a licence in the lockfile. */
  readonly isInstalled: boolean;
};

export type Judgement = {
  readonly refused: readonly LockedPackage[];
  /** Neither installed nor described by the lockfile: the other platforms' siblings of what is judged here. */
  readonly unknown: readonly LockedPackage[];
};

/** Sorts out the packages that are not allowed, and those that nothing is known of on this platform. */
export function judgeLicences(packages: readonly LockedPackage[]): Judgement {
  const unknown = packages.filter(({ licence, isInstalled }) => licence === undefined && !isInstalled);
  const refused = packages.filter(
    (one) =>
      !unknown.includes(one) && !isTestTool(one) && (one.licence === undefined || !isAllowed(one.licence)),
  );
  return { refused, unknown };
}

function isTestTool({ path, licence, isForDevelopment }: LockedPackage): boolean {
  return isForDevelopment === true && licence !== undefined && TEST_TOOLS.get(path) === licence;
}
