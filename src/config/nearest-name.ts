/** Beyond a third of its letters a name is another one, and no typing error. */
const MAX_SHARE = 3;

/** The known name that is nearest to a mistyped one; undefined where none is near. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .toSorted((one, other) => one.distance - other.distance);
  return nearest !== undefined && nearest.distance * MAX_SHARE <= text.length ? nearest.name : undefined;
}

/** How many letters must be put in, taken out or replaced (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(one).entries()) {
    const current = [row + 1];
    for (const [column, wanted] of Array.from(other).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === wanted ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
