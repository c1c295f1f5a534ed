import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, DateSchema, InstantSchema, nullable } from '#http/schemas.ts';

export const RunEndOfDay = closedObject({
  until: Type.Optional(
    Type.String({
      examples: ['2026-01-31'],
      format: 'date',
      description:
        'The last date to close; the open one if not given. What is closed already stays as it is.',
    }),
  ),
});

export const EndOfDaySchema = Type.Object({
  status: Type.Enum(['completed', 'running']),
  until: DateSchema,
  businessDate: DateSchema,
  closedDates: Type.Array(DateSchema),
});

const StepSchema = Type.Object({
  number: Type.Integer(),
  name: Type.String({ examples: ['standing-orders'] }),
  status: Type.Enum(['pending', 'running', 'completed']),
  processed: Type.Integer(),
  counts: Type.Unsafe<Record<string, number>>({
    type: 'object',
    description: 'What came of it, by outcome.',
    additionalProperties: { type: 'integer' },
  }),
  completedAt: nullable(InstantSchema),
});

export const RunSchema = Type.Object({
  businessDate: DateSchema,
  status: Type.Enum(['running', 'failed', 'completed']),
  actor: Type.String(),
  startedAt: InstantSchema,
  completedAt: nullable(InstantSchema),
  failure: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
  steps: Type.Array(StepSchema),
});

export const ListRunsQuery = pageQuery({ from: Type.Optional(DateSchema), to: Type.Optional(DateSchema) });
