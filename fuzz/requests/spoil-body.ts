import fc from 'fast-check';
import { type Draw, pick } from '../draw.ts';
import { anyText, anyValue } from './hostile-values.ts';
import type { Request } from './request.ts';

type Spoil = (request: Request, draw: Draw) => Partial<Request>;
type Path = readonly string[];

const MIB = 1024 * 1024;
/** Deep enough for any stack that recurses over it. */
const DEPTH = 20_000;
const MANY_ITEMS = 10_001;

const text = (request: Request): string => JSON.stringify(request.body ?? {});
const inBytes = (spoiled: string | Buffer): Partial<Request> => ({ bytes: Buffer.from(spoiled) });

/** What may be wrong with a body, by a name for each. */
export const BODY_SPOILERS: Readonly<Record<string, Spoil>> = {
  'another value': (request, draw) => atSomePlace(request, draw, () => draw(anyValue)),
  'another text': (request, draw) => atSomePlace(request, draw, () => draw(anyText)),
  'two other values': (request, draw) => {
    const once = { ...request, ...atSomePlace(request, draw, () => draw(anyValue)) };
    return atSomePlace(once, draw, () => draw(anyText));
  },
  'a missing field': (request, draw) => atSomePlace(request, draw, () => undefined),
  'an unknown field': (request, draw) => withField(request, pick(draw, UNKNOWN_NAMES), draw(anyValue)),
  'many fields': (request) => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
    return { body: { ...asFields(request.body), ...many } };
  },
  'no body': () => ({ body: undefined, bytes: Buffer.alloc(0) }),
  'another body': (_, draw) => ({ body: draw(anyValue) }),
  'a polluting body': (request, draw) => inBytes(text(request).replace('{', pick(draw, POLLUTION))),
  'a name given twice': (request) => inBytes(text(request).replace(/\{("(?:[^"\\]|\\.)*"):/, '{$1:1,$1:')),
  'deep nesting': (request, draw) => {
    const [open, close] = pick(draw, [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    const value = `${open.repeat(DEPTH)}1${close.repeat(DEPTH)}`;
    return inBytes(text(request).replace('{', `{"x":${value},`));
  },
  'nesting without an end': () => inBytes('{"a":'.repeat(DEPTH)),
  'a body cut short': (request, draw) => inBytes(text(request).slice(0, draw(fc.nat(text(request).length)))),
  'two bodies': (request) => inBytes(text(request).repeat(2)),
  'invalid UTF-8': (request) =>
    inBytes(
      Buffer.concat([Buffer.from(text(request).slice(0, -1)), Buffer.from(',"x":"\xff\xc0"}', 'latin1')]),
    ),
  'no JSON': (_, draw) => inBytes(pick(draw, NO_JSON)),
  'other bytes': (_, draw) => inBytes(Buffer.from(draw(fc.uint8Array({ maxLength: 200 })))),
  'escaped text': (request, draw) => {
    const parts = text(request).split(':"');
    const at = draw(fc.nat(parts.length - 1));
    return inBytes(
      [...parts.slice(0, at), `${pick(draw, ESCAPES)}${parts[at]}`, ...parts.slice(at + 1)].join(':"'),
    );
  },
  'too large a body': (request) => ({
    body: { ...asFields(request.body), metadata: { a: 'x'.repeat(MIB) } },
  }),
  'a large list': (request) => {
    const fields = asFields(request.body);
    const [name = 'items'] = Object.keys(fields).filter((key) => Array.isArray(fields[key]));
    const list: unknown = fields[name];
    const item: unknown = Array.isArray(list) ? list[0] : 1;
    return { body: { ...fields, [name]: Array.from({ length: MANY_ITEMS }, () => item) } };
  },
  'another media type': (request, draw) => ({
    headers: { ...request.headers, 'content-type': pick(draw, MEDIA_TYPES) },
  }),
  'a coding that it has not': (request, draw) => ({
    headers: { ...request.headers, 'content-encoding': pick(draw, ['gzip', 'br', 'identity', 'x', '']) },
  }),
};

const UNKNOWN_NAMES = [
  'isAdmin',
  'role',
  'id',
  'bookId',
  'book_id',
  'constructor',
  '😀',
  '',
  ' ',
  'a.b',
  'a[b]',
];
const POLLUTION = [
  '{"__proto__":{"isAdmin":true},',
  '{"constructor":{"prototype":{"isAdmin":true}},',
  '{"\\u005f_proto__":{"status":"closed"},',
  '{"prototype":{},',
];
const NO_JSON = [
  "{'a':1}",
  '{a:1}',
  '{"a":NaN}',
  '{"a":1e400}',
  '{"a":01}',
  '{"a":1,}',
  '// x\n{}',
  '\ufeff{}',
  'a=1&b=2',
  '<a/>',
  '"',
  'nul',
  '[1,',
];
const ESCAPES = ['\\u0000', '\\ud800', '\\udc00\\ud800', '\\x41', '\\u00', '\\', '\u2028'];
const MEDIA_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json; charset=utf-8',
  'application/json;',
  'application/jsonp',
  'APPLICATION/JSON',
  'application/vnd.api+json',
  '*/*',
  'x',
];

/** Puts another value, or none, in one place of the body. */
function atSomePlace(request: Request, draw: Draw, value: () => unknown): Partial<Request> {
  const places = placesIn(request.body, []);
  if (places.length === 0) return { body: value() };
  return { body: replaced(request.body, pick(draw, places), value()) };
}

/** The request with a member that its body does not know. */
function withField(request: Request, name: string, value: unknown): Partial<Request> {
  return { body: { ...asFields(request.body), [name]: value } };
}

function placesIn(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [] : [path];
  const inner = Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function replaced(value: unknown, [first, ...rest]: Path, other: unknown): unknown {
  if (first === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === first ? replaced(item, rest, other) : item,
    );
  }
  const fields = asFields(value);
  return { ...fields, [first]: replaced(fields[first], rest, other) };
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
