import SerializerSelector, {
  type RouteDefinition,
  type Serializer,
  type SerializerFactory,
} from '@fastify/fast-json-stringify-compiler';

/** Compiled functions by what they were compiled from. */
type Compiled<Function> = Map<string, Function>;

/**
 * The function of a key, made at the first call. Most routes answer with the same few schemas, and each takes some
 * milliseconds to compile; a process that makes several servers, as tests do, compiles them once.
 */
export function compileOnce<Function>(
  compiled: Compiled<Function>,
  key: string,
  compile: () => Function,
): Function {
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = compile();
  compiled.set(key, made);
  return made;
}

const SERIALIZERS: Compiled<Serializer> = new Map();

/** Fastify's own serializers, each compiled once a process. They keep nothing between calls. */
export const buildSerializerOnce: SerializerFactory = (externalSchemas, options) => {
  const compile = SerializerSelector()(externalSchemas, options);
  const shared = JSON.stringify([externalSchemas, options]);
  return (route: RouteDefinition) =>
    compileOnce(SERIALIZERS, `${JSON.stringify(route.schema)} ${shared}`, () => compile(route));
};
