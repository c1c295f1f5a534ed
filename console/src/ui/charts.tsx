import type { ReactNode } from 'react';

/** What a mark of a picture leads to: it takes what is to be a link. */
type LinkTo = (children: ReactNode) => ReactNode;

export type Bar = {
  readonly key: string;
  readonly label: ReactNode;
  /** The figure, as text: nobody has to read it off the picture. */
  readonly figure: ReactNode;
  readonly size: number;
  readonly link: LinkTo;
};

/** Bars below each other, the widest as long as the line. Each has its name and its figure, and leads to its rows. */
export function Bars({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }): ReactNode {
  const most = Math.max(...bars.map(({ size }) => size), 0);
  return (
    <ul className="bars" aria-label={title}>
      {bars.map(({ key, label, figure, size, link }) => (
        <li key={key}>
          {link(label)} <span className="figure">{figure}</span>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" width="100" height="4" />
            <rect className="first" width={shareOf(size, most)} height="4" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

export type Column = {
  readonly key: string;
  readonly label: ReactNode;
  /** What a screen reader says of it: its two figures. */
  readonly said: string;
  readonly sizes: readonly [first: number, second: number];
  readonly link: LinkTo;
};

type ColumnsProps = {
  readonly title: string;
  readonly names: readonly [first: string, second: string];
  readonly columns: readonly Column[];
};

/** Two columns for each of some days, the highest as high as the picture. Each pair leads to its rows. */
export function Columns({ title, names, columns }: ColumnsProps): ReactNode {
  const most = Math.max(...columns.flatMap(({ sizes }) => sizes), 0);
  return (
    <>
      <ol className="day-columns" aria-label={title}>
        {columns.map(({ key, label, said, sizes: [first, second], link }) => (
          <li key={key}>
            {link(
              <>
                <svg viewBox="0 0 24 100" preserveAspectRatio="none" aria-hidden="true">
                  <Upright className="first" x={2} share={shareOf(first, most)} />
                  <Upright className="second" x={13} share={shareOf(second, most)} />
                </svg>
                {label}
                <span className="unseen">: {said}</span>
              </>,
            )}
          </li>
        ))}
      </ol>
      <p className="legend small" aria-hidden="true">
        {names.map((name, index) => (
          <span key={name}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect className={index === 0 ? 'first' : 'second'} width="10" height="10" />
            </svg>{' '}
            {name}
          </span>
        ))}
      </p>
    </>
  );
}

type UprightProps = { readonly className: string; readonly x: number; readonly share: number };

function Upright({ className, x, share }: UprightProps): ReactNode {
  return <rect className={className} x={x} y={100 - share} width="9" height={share} />;
}

/** In percent of the largest; what is there at all can be seen. */
function shareOf(size: number, most: number): number {
  if (size <= 0 || most <= 0) return 0;
  return Math.max(1, (100 * size) / most);
}

type StepsProps = {
  /** What the picture shows, in words with its figures. */
  readonly said: string;
  /** From left to right: when, as a number that grows, and how much from then on. */
  readonly points: readonly { readonly at: number; readonly size: number }[];
};

const [WIDTH, HEIGHT, MARGIN] = [300, 80, 4];
/** Of the width, what the last amount is seen by. */
const LAST_WIDTH = 20;

/** An amount over time: it stays as it is until the next line. Zero is a line of its own where it is in the picture. */
export function Steps({ said, points }: StepsProps): ReactNode {
  const sizes = points.map(({ size }) => size);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const x = (at: number): number =>
    last === first ? 0 : ((WIDTH - LAST_WIDTH) * (at - first)) / (last - first);
  const y = (size: number): number =>
    most === least ? HEIGHT / 2 : MARGIN + ((HEIGHT - 2 * MARGIN) * (most - size)) / (most - least);
  const path = points.map(({ at, size }, index) =>
    index === 0 ? `M0 ${y(size)}` : `H${x(at).toFixed(1)}V${y(size).toFixed(1)}`,
  );
  return (
    <svg
      className="steps"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={said}
    >
      {least < 0 && most > 0 && <path className="zero" d={`M0 ${y(0)}H${WIDTH}`} />}
      <path className="line" d={`${path.join('')}H${WIDTH}`} />
    </svg>
  );
}
