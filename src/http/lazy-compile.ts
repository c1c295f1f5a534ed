import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * When the schemas of routes become code. At the start: the first request is as fast as the others. At first use: for a
 * process that makes one or two requests and ends. All of them take a second of processor time.
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
