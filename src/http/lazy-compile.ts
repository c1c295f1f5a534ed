import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * When the schemas of routes become code. At first use, as servers and the command line do: the first request of a route
 * takes some milliseconds longer, and a start a second of processor time less. At the start, for tests: a schema
 * that cannot be compiled is found there.
 */
export type CompileTime = 'at start' | 'at first use';

/** The serializers of a factory, each made when the first answer needs it. */
export function serializersAtFirstUse(buildFactory: SerializerFactory): SerializerFactory {
  return (schemas, options) => {
    const build = buildFactory(schemas, options);
    return (route) => atFirstUse(() => build(route));
  };
}

/** The validators of a compiler, each made when the first request needs it. */
export function validatorsAtFirstUse(
  compile: FastifySchemaCompiler<AnySchemaObject>,
): FastifySchemaCompiler<AnySchemaObject> {
  return (route) => atFirstUse(() => compile(route));
}

function atFirstUse<Argument, Result>(
  make: () => (argument: Argument) => Result,
): (argument: Argument) => Result {
  let made: ((argument: Argument) => Result) | undefined;
  return (argument) => {
    made ??= make();
    return made(argument);
  };
}
