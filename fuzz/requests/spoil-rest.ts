import fc from 'fast-check';
import { type Draw, pick } from '../draw.ts';
import { anyText, HOSTILE_DATES, HOSTILE_IDS, HOSTILE_NUMBERS } from './hostile-values.ts';
import type { Request } from './request.ts';

type Spoil = (request: Request, draw: Draw) => Partial<Request>;

/** Escaped for a URL; half a surrogate pair cannot be, and becomes what a careless client would send. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK', 'SEARCH'];
const BAD_ESCAPES = ['%', '%f', '%zz', '%ff%fe', '%c0%af', '%ed%a0%80', '%00', '%2e%2e%2f', '%252e', '%5c'];
const QUERY_NAMES = [
  'limit',
  'cursor',
  'status',
  'from',
  'asOf',
  'q',
  '__proto__',
  'limit[]',
  'limit[gt]',
  'x',
  '',
];
const KEYS = ['', ' ', 'x'.repeat(255), 'x'.repeat(256), 'a b', 'ключ', 'a,b', '"', '\u007f', "'; --"];
const TAGS = [
  '*',
  '""',
  '"1"',
  'W/"1"',
  '"0"',
  '"9999999999999999999"',
  '1',
  '"1", "2"',
  '"-1"',
  '"x"',
  ',',
  '"\u00e9"',
];
const TOKENS = [
  '',
  'Bearer',
  'Bearer ',
  'Basic YTpi',
  'Bearer null',
  'bearer x',
  `Bearer ${'x'.repeat(9_000)}`,
  unsignedToken(),
];
const ODD_HEADERS: readonly (readonly [string, string | readonly string[]])[] = [
  ['x-forwarded-for', '127.0.0.1, ::1, x'],
  ['x-forwarded-host', 'evil.example'],
  ['x-http-method-override', 'DELETE'],
  ['accept', 'application/xml;q=0, */*;q=0'],
  ['accept-encoding', 'gzip;q=99'],
  ['range', 'bytes=0-0, 5-1, -'],
  ['expect', 'something'],
  ['origin', 'null'],
  ['cookie', `a=${'b'.repeat(4_000)}`],
  ['cookie', `a=${'b'.repeat(17_000)}`],
  ['if-none-match', '*'],
  ['content-language', 'x'],
  ['traceparent', '00-zz-zz-zz'],
  ['upgrade-insecure-requests', '1'],
  ['x-many', Array.from({ length: 500 }, () => 'x')],
  ['te', 'trailers'],
  ['host', 'evil.example:99999'],
  ['request-id', "'; drop table x"],
];

/** What may be wrong with a path, a query, headers or a method, by a name for each. */
export const OTHER_SPOILERS: Readonly<Record<string, Spoil>> = {
  'another id': (request, draw) => ({
    path: withSegment(request.path, draw, escaped(pick(draw, HOSTILE_IDS))),
  }),
  'another path': (request, draw) => ({ path: withSegment(request.path, draw, escaped(draw(anyText))) }),
  'a bad escape in the path': (request, draw) => ({
    path: withSegment(request.path, draw, pick(draw, BAD_ESCAPES)),
  }),
  slashes: ({ path }, draw) => ({
    path: pick(draw, [
      `${path}/`,
      `/${path}`,
      path.replaceAll('/', '//'),
      `${path}/..`,
      `${path};a=b`,
      `${path}%2f`,
    ]),
  }),
  'a long path': ({ path }, draw) => ({
    path: `${path}/${'x'.repeat(draw(fc.constantFrom(101, 1_000, 9_000)))}`,
  }),
  'another case': ({ path }) => ({ path: path.toUpperCase() }),
  'another value in the query': (request, draw) => {
    const names = request.operation.parameters.filter(({ in: place }) => place === 'query');
    if (names.length === 0) return {};
    const { name } = pick(draw, names);
    const others = request.query.filter(([one]) => one !== name);
    return { query: [...others, [name, escaped(draw(anyText))]] };
  },
  'a parameter more': (request, draw) => ({
    query: [...request.query, [escaped(pick(draw, QUERY_NAMES)), escaped(draw(anyText))]],
  }),
  'a number in the query': (request, draw) => ({
    query: [
      ...request.query,
      [pick(draw, ['limit', 'minAmount', 'maxAmount']), escaped(pick(draw, HOSTILE_NUMBERS))],
    ],
  }),
  'a date in the query': (request, draw) => ({
    query: [...request.query, [pick(draw, ['from', 'to', 'asOf']), escaped(pick(draw, HOSTILE_DATES))]],
  }),
  'a cursor of our own': (request, draw) => {
    const values = draw(fc.array(fc.oneof(anyText, fc.integer(), fc.constant(null)), { maxLength: 4 }));
    return {
      query: [...request.query, ['cursor', Buffer.from(JSON.stringify(values)).toString('base64url')]],
    };
  },
  'a parameter twice': ({ query }) => ({ query: [...query, ...query, ['limit', '1'], ['limit', '2']] }),
  'a bad escape in the query': (request, draw) => ({
    query: [...request.query, ['q', pick(draw, BAD_ESCAPES)]],
  }),
  'a long query': (request) => ({ query: [...request.query, ['q', 'x'.repeat(8_000)]] }),
  'another Idempotency-Key': (request, draw) => withHeader(request, 'idempotency-key', pick(draw, KEYS)),
  'no Idempotency-Key': (request) => withoutHeader(request, 'idempotency-key'),
  'two Idempotency-Keys': (request) => withHeader(request, 'idempotency-key', ['a', 'b']),
  'another If-Match': (request, draw) => withHeader(request, 'if-match', pick(draw, TAGS)),
  'no If-Match': (request) => withoutHeader(request, 'if-match'),
  'another token': (request, draw) => withHeader(request, 'authorization', pick(draw, TOKENS)),
  'an odd header': (request, draw) => withHeader(request, ...pick(draw, ODD_HEADERS)),
  'another method': (_, draw) => ({ method: pick(draw, METHODS) }),
};

/** A token that says of itself that nobody signed it. */
function unsignedToken(): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode({ sub: 'usr_x', role: 'admin', exp: 9e9 })}.`;
}

/** Another text in place of one segment after the version. */
function withSegment(path: string, draw: Draw, text: string): string {
  const segments = path.split('/');
  const at = segments.length <= 3 ? segments.length : draw(fc.integer({ min: 3, max: segments.length }));
  return [...segments.slice(0, at), text, ...segments.slice(at + 1)].join('/');
}

function withHeader({ headers }: Request, name: string, value: string | readonly string[]): Partial<Request> {
  return { headers: { ...headers, [name]: value } };
}

function withoutHeader({ headers }: Request, name: string): Partial<Request> {
  return { headers: Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name)) };
}
