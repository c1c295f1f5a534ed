import { chance, type Draw, pick } from '../draw.ts';
import type { Request } from './request.ts';
import { BODY_SPOILERS } from './spoil-body.ts';
import { OTHER_SPOILERS } from './spoil-rest.ts';

/** Megabytes are sent and refused by the dozen, not by the thousand. */
const RARE = ['too large a body', 'a large list', 'many fields', 'deep nesting', 'nesting without an end'];
/** Where most is to be found: each stands for as many places as there are fields and parameters. */
const OFTEN = ['another value', 'another text', 'escaped text', 'another value in the query'].flatMap(
  (name) => Array.from({ length: 5 }, () => name),
);
const RARE_PERCENT = 10;

/** The request with one thing wrong, or another beside it. */
export function spoil(request: Request, draw: Draw): Request {
  const once = spoilOnce(request, draw);
  return chance(draw, 10) ? spoilOnce(once, draw) : once;
}

function spoilOnce(request: Request, draw: Draw): Request {
  const hasBody = request.operation.body !== undefined && chance(draw, 60);
  const spoilers = hasBody ? BODY_SPOILERS : OTHER_SPOILERS;
  let name = pick(draw, [...Object.keys(spoilers), ...OFTEN.filter((one) => one in spoilers)]);
  if (RARE.includes(name) && !chance(draw, RARE_PERCENT)) name = 'another value';
  const spoiled = spoilers[name]?.(request, draw);
  return { ...request, ...spoiled, kind: request.kind === 'valid' ? name : `${request.kind}, ${name}` };
}
